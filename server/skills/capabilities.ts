/** What a skill may be given. It receives only those that it names, bound to one user, one agent and one execution. */
export interface Capabilities {
  clock: ClockCapability
  records: RecordsCapability
  memory: MemoryCapability
  alarms: AlarmsCapability
  guide: GuideCapability
}
export type CapabilityName = keyof Capabilities

/** The time of this execution, the same during all of it. */
export interface ClockCapability {
  /** Epoch milliseconds. */
  now: number
  /** IANA name of the user's zone. */
  time_zone: string
}

/** One stored document of a skill. */
export interface Stored<T> {
  id: string
  /** Group inside the collection, such as the name of a list. */
  group: string
  /** Sort key inside the group: epoch milliseconds or a position. */
  at: number
  body: T
  created_at: string
}

/**
 * Documents of the agent, in collections such as `reminder` or `item`. Every change is noted in the transaction so that
 * the user can take it back. At most 10,000 documents a collection; one more throws ActionError.
 */
export interface RecordsCapability {
  list<T>(
    collection: string,
    filter?: { group?: string; from?: number; to?: number; limit?: number },
  ): Promise<Stored<T>[]>
  get<T>(collection: string, id: string): Promise<Stored<T> | undefined>
  /** Adds a document, or replaces the one with this id. Answers the stored one. */
  put<T>(
    collection: string,
    document: { id?: string; group?: string; at?: number; body: T },
  ): Promise<Stored<T>>
  remove(collection: string, id: string): Promise<boolean>
}

/** An entry of the agent's memory. */
export interface Remembered {
  id: string
  memory_type: string
  content: unknown
  tags: string[]
  created_at: string
}

/** The agent's own memory; changes can be taken back. */
export interface MemoryCapability {
  store(entry: { memory_type: string; content: unknown; tags?: string[]; ttl?: number }): Promise<Remembered>
  /** Newest first. `limit` 1 to 500, 50 unless given. */
  list(filter: {
    memory_type?: string
    tags?: string[]
    since?: string
    limit?: number
  }): Promise<Remembered[]>
  /** Best match first. */
  search(query: string, filter?: { tags?: string[]; limit?: number }): Promise<Remembered[]>
  get(id: string): Promise<Remembered | undefined>
  retag(id: string, tags: string[]): Promise<Remembered | undefined>
  forget(ids: readonly string[]): Promise<number>
}

/** Durable alarms: each rings once at its time, also after a restart, and then calls the skill's `ring`. */
export interface AlarmsCapability {
  /** Sets or moves the alarm of a document in `reminder`. `due` in epoch milliseconds. */
  set(record_id: string, due: number): Promise<void>
  cancel(record_id: string): Promise<void>
}

/** What the user's agents can do and how sentences are understood; for the concierge. */
export interface GuideCapability {
  agents(): Promise<{ agent_number: number; name: string; description: string; actions: GuideAction[] }[]>
  route(text: string): Promise<{
    target_agent: number | null
    action: string
    confidence: number
    alternatives: { target_agent: number; action: string; confidence: number }[]
  }>
  /** Teaches a phrase for an action of an agent: it becomes one of the agent's voice commands. */
  teach(command: {
    phrase: string
    agent_number: number
    action: string
    parameters?: Record<string, unknown>
  }): Promise<void>
}
export interface GuideAction {
  name: string
  summary: string
  phrases: readonly string[]
}
