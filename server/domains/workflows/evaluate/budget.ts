import type { Clock } from '../../../kernel/clock.ts'
import { Stop } from './place.ts'

export interface Limits {
  /** Parts of the expression that are worked out; dear work counts as several. */
  readonly steps: number
  /** UTF-8 bytes of a result, and UTF-16 units of each text that is made on the way. */
  readonly size_bytes: number
  /** Elements of each array that is made on the way. */
  readonly items: number
  /** Units of all texts that are made, eight for each element of an array: what may be in memory at once. */
  readonly made: number
  /** Milliseconds of the processor. */
  readonly time_ms: number
}

export const LIMITS: Limits = {
  steps: 10_000,
  size_bytes: 65_536,
  items: 10_000,
  made: 1_048_576,
  time_ms: 50,
}

/** The time is looked at this seldom: asking for it costs as much as a whole ordinary condition. */
const STEPS_BETWEEN_LOOKS = 500
/** Characters that can be looked at or copied for the price of one step. */
const CHARACTERS_A_STEP = 4096
/** Comparisons of characters for the price of one step; searching compares both lengths at worst. */
const COMPARISONS_A_STEP = 8192
const ITEM_SIZE = 8

/** What one evaluation may still use. It is not used twice, but several expressions may share it. */
export class Budget {
  /** Where in the source the evaluation is. */
  at = 0
  steps = 0
  made = 0
  /** Bytes of the results so far. */
  result = 0
  readonly limits: Limits
  readonly #clock: Pick<Clock, 'worked'>
  #look_at: number
  #started: number | undefined

  constructor(clock: Pick<Clock, 'worked'>, limits: Partial<Limits> = {}) {
    this.limits = { ...LIMITS, ...limits }
    this.#clock = clock
    this.#look_at = Math.min(STEPS_BETWEEN_LOOKS, this.limits.steps)
  }

  /** Charges for work before it is done: what cannot be paid is not counted. */
  spend(steps: number): void {
    const spent = this.steps + steps
    if (spent > this.#look_at) this.#look(spent)
    this.steps = spent
  }

  /** Charges for going through so many characters. */
  scan(characters: number): void {
    if (characters > CHARACTERS_A_STEP) this.spend(Math.floor(characters / CHARACTERS_A_STEP))
  }

  /** Charges for looking for a text in a text, before it is done: nothing can interrupt it. */
  search(text: string, sought: string): void {
    this.scan(text.length)
    this.spend(Math.floor((text.length * sought.length) / COMPARISONS_A_STEP))
  }

  /** Charges for a text of this length before it is made. */
  text(length: number): void {
    if (length > this.limits.size_bytes)
      throw new Stop(`A text may not be longer than ${said(this.limits.size_bytes)} characters.`)
    this.#make(length)
  }

  /** Charges for an array or an object of this many elements before it is made. */
  items(count: number): void {
    if (count > this.limits.items)
      throw new Stop(`An array or object may not have more than ${said(this.limits.items)} elements.`)
    this.#make(count * ITEM_SIZE)
  }

  #make(size: number): void {
    const made = this.made + size
    if (made > this.limits.made) throw new Stop('This makes too many long texts and arrays.')
    this.made = made
  }

  #look(spent: number): void {
    if (spent > this.limits.steps) throw new Stop(`This takes more than ${said(this.limits.steps)} steps.`)
    const worked = this.#clock.worked()
    this.#started ??= worked
    if (worked - this.#started > this.limits.time_ms)
      throw new Stop(`This takes more than ${said(this.limits.time_ms)} ms.`)
    this.#look_at = Math.min(spent + STEPS_BETWEEN_LOOKS, this.limits.steps)
  }
}

function said(count: number): string {
  return count.toLocaleString('en')
}
