/**
 * One job inside a child process: an utterance that is heard, a sentence that is spoken, a recording that is decoded.
 * What goes in and out is copied by the structured clone: plain objects, strings, numbers and typed arrays.
 */
export interface Job {
  /**
   * Takes what the caller has sent, one message after the other: the next waits for what this
   * returns, or for the promise of it. For a `call`
   * that is the answer; for a `send` nobody reads it. A SpeechError that it throws reaches the caller as itself,
   * anything else as one of the reason `engine`.
   */
  handle(message: unknown): unknown
  /** Frees what the job holds. Called once, whether it went well or not, and never while `handle` runs. */
  close(): void
}

/**
 * Begins a job. What outlasts it (a loaded model) is the module's own business: a child does one job after the other.
 *
 * @param options - what the caller gave to `open`. What is wrong with them is thrown as a SpeechError.
 * @param tell - says something to the caller unasked: what was heard so far, a chunk of sound.
 */
export type OpenJob = (options: unknown, tell: (message: unknown) => void) => Promise<Job>

/** What a child can do, by kind; each module is loaded when its first job comes. */
export type JobKinds = Readonly<Record<string, () => Promise<OpenJob>>>
