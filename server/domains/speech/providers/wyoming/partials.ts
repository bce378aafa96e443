import type { Clock } from '../../../../kernel/clock.ts'
import type { Transcript } from '../../kinds.ts'
import { UNSAID_CONFIDENCE, clean } from '../transcription.ts'

/** What is heard so far is told so often at most: nobody reads faster, and each telling goes to a socket. */
const TOLD_EACH_MS = 200
/** Tellings of one utterance: those of a minute. */
const TOLD_MAX = 300

/** What a service has understood so far, bit by bit. */
export class Partials {
  readonly #clock: Clock
  readonly #tell: (partial: Transcript) => void
  #text = ''
  #last = ''
  #told = 0
  #isEarly = false
  #cancel: () => void = () => {}

  constructor(clock: Clock, tell: (partial: Transcript) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  get length(): number {
    return this.#text.length
  }

  /** Takes the next bit, which is told at once or with those that come soon after it. */
  add(text: string): void {
    this.#text += text
    if (!this.#isEarly) this.#say()
  }

  /** Tells nothing more. */
  close(): void {
    this.#cancel()
    this.#isEarly = true
  }

  #say(): void {
    if (this.#text === this.#last || this.#told >= TOLD_MAX) return
    this.#last = this.#text
    this.#told += 1
    this.#isEarly = true
    this.#cancel = this.#clock.after(TOLD_EACH_MS, () => {
      this.#isEarly = false
      this.#say()
    })
    this.#tell({ text: clean(this.#text), confidence: UNSAID_CONFIDENCE })
  }
}
