/** Exit codes of `paios`. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  not_understood: 3,
  not_signed_in: 4,
  unreachable: 5,
} as const

export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** Ends a command. The message is one line that says what is wrong and what to do next. */
export class Stop extends Error {
  readonly exit: Exit
  /** Lines for people below it, fit for a terminal. */
  readonly list: string | undefined

  constructor(exit: Exit, message: string, options: ErrorOptions & { list?: string } = {}) {
    super(message, options)
    this.exit = exit
    this.list = options.list
  }
}

/** What a command has to say: `data` for `--json`, `text` for people; undefined and empty when it has said it already. */
export interface Answer {
  data: unknown
  text: string
  exit?: Exit
}
