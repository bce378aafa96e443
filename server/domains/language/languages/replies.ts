import { acceptsSlot } from '../fill.ts'
import type { Surroundings } from '../fill.ts'
import { TONGUES } from './known.ts'
import { spokenTongue } from './spoken.ts'
import type { Tongue } from './tongue.ts'
import { tongueOf } from './understood.ts'

/** In these a word parts the things that are named, and it is none in English. */
const PARTED = /\s(?:und|sowie|y)\s/iu

/** The language in which a reply gives a value of this type, when that is not English. */
export function tongueOfReply(
  slot_type: string,
  text: string,
  language: string | undefined,
  around: Surroundings,
): Tongue | undefined {
  const fits = (tongue: Tongue | undefined) => acceptsSlot(slot_type, text, { ...around, tongue })
  const spoken = spokenTongue(text, tongueOf(language))
  if (spoken !== undefined && fits(spoken)) return spoken
  const isParted = slot_type === 'items' && PARTED.test(text)
  return fits(undefined) && !isParted
    ? undefined
    : TONGUES.find((tongue) => fits(tongue) && (!isParted || partsIn(tongue, text)))
}

function partsIn({ say }: Tongue, text: string): boolean {
  return say('items', text)?.includes(';') === true
}
