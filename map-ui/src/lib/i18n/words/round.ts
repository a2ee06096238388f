import { bilingual } from '../bilingual';

/** Building a round: whom to visit, by whom, in which order. */
export const round = bilingual(
  {
    tooMany: (n: number) => `最多选 100 处，另有 ${n} 处未加入`,
  },
  {
    tooMany: (n: number) => `100 places at most: ${n} were not added`,
  },
);
