import type { Connection } from './connection.ts'

/** The connections by user: who gets an event is looked up, never kept in rooms that could be joined. */
export class Connections {
  readonly #byUser = new Map<string, Set<Connection>>()

  add(connection: Connection): void {
    const known = this.#byUser.get(connection.user_id) ?? new Set()
    this.#byUser.set(connection.user_id, known.add(connection))
  }

  remove(connection: Connection): void {
    const known = this.#byUser.get(connection.user_id)
    known?.delete(connection)
    if (known?.size === 0) this.#byUser.delete(connection.user_id)
  }

  /** Those of one user. */
  of(user_id: string): Iterable<Connection> {
    return this.#byUser.get(user_id) ?? []
  }

  /** How many an agent from outside has. */
  ofAgent(user_id: string, agent_id: string): number {
    return [...this.of(user_id)].filter((one) => one.agent_id === agent_id).length
  }

  /** All of them, as they are now. */
  all(): Connection[] {
    return [...this.#byUser.values()].flatMap((known) => [...known])
  }
}
