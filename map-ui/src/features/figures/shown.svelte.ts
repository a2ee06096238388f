/** The figures the map's grid labels carry at present, by grid code; none outside the figures section. */
class ShownFigures {
  texts = $state.raw<ReadonlyMap<string, string>>(new Map());
}

export const shownFigures = new ShownFigures();
