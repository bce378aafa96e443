/** Clients that ask at the same time, each with one question in the air. */
export const CLIENTS = 16
/** The agent of the built-in notes. */
export const AGENT_NUMBER = 2

/** A user of a client's own, so that what one execution does never depends on another that runs beside it. */
export interface Visitor {
  user_id: string
  token: string
}

export interface Place {
  folder: string
  visitors: readonly Visitor[]
}
