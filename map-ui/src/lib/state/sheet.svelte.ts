/** How high the phone's bottom sheet stands. On a wide screen the panel is a column and this has no effect. */
export type SheetHeight = 'peek' | 'half' | 'full';

/** The share of the screen that the half-raised sheet takes. */
export const HALF = 0.52;

class Sheet {
  height = $state<SheetHeight>('half');

  /** Shows at least half: something in the panel wants to be read. */
  raise(): void {
    if (this.height === 'peek') this.height = 'half';
  }

  /** Shows half at most: something on the map wants to be seen. */
  lower(): void {
    if (this.height === 'full') this.height = 'half';
  }
}

export const sheet = new Sheet();
