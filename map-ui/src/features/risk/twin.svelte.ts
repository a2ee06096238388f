/** The second map while two periods are compared side by side, and what it shows. */
class TwinView {
  url = $state('');
  opacity = $state(75);
  /** What stands over each map. */
  titles = $state.raw<[string, string]>(['', '']);
}

export const twinView = new TwinView();
