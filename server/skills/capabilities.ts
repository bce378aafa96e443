import type { MemorySource } from '../../contract/agents.ts'

/** What a skill may be given. It receives only those that it names, bound to one user, one agent and one execution. */
export interface Capabilities {
  clock: ClockCapability
  records: RecordsCapability
  memory: MemoryCapability
  alarms: AlarmsCapability
  guide: GuideCapability
  net: NetCapability
  files: FilesCapability
  checks: ChecksCapability
  worker: WorkerCapability
  guard: GuardCapability
  credentials: CredentialsCapability
  backups: BackupsCapability
  remote: RemoteCapability
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

/** An entry of the agent's memory. What did not come from the user is untrusted until the user confirms it. */
export interface Remembered {
  id: string
  memory_type: string
  content: unknown
  tags: string[]
  source: MemorySource
  trust: 'trusted' | 'untrusted'
  pinned: boolean
  /** The entry that has taken its place, if one has. */
  superseded_by: string | null
  created_at: string
  updated_at: string
}

/** The agent's own memory; changes can be taken back. */
export interface MemoryCapability {
  /**
   * Stores an entry, or refreshes the one that says the same. `source` is who said it, the one who asked unless given:
   * a skill names it when it passes on the words of others, and cannot make them the user's.
   */
  store(entry: {
    memory_type: string
    content: unknown
    tags?: string[]
    ttl?: number
    source?: MemorySource
    supersedes?: string
  }): Promise<Remembered>
  /** Newest first. `limit` 1 to 500, 50 unless given. */
  list(filter: {
    memory_type?: string
    tags?: string[]
    since?: string
    limit?: number
  }): Promise<Remembered[]>
  /** Ids of all entries but the pinned ones, newest first. */
  ids(filter: { tags?: string[] }): Promise<string[]>
  /** Best match first. */
  search(query: string, filter?: { tags?: string[]; limit?: number }): Promise<Remembered[]>
  get(id: string): Promise<Remembered | undefined>
  retag(id: string, tags: string[]): Promise<Remembered | undefined>
  /** What is pinned does not expire. */
  pin(id: string, pinned: boolean): Promise<Remembered | undefined>
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

/** What goes out to another machine. Sizes in bytes, times in milliseconds; the egress domain bounds all of them. */
export interface NetRequest {
  /** `http:` or `https:`, absolute. */
  url: string
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: string
  /** The credential that goes along, wherever it was granted to: it is never seen. */
  credential_id?: string
  /** The one place that it goes to, of those that were granted; all of them unless given. */
  credential_place?: { in: 'header' | 'query' | 'body'; name: string }
  /** Hosts that it may be sent to, and on to, of those that are allowed; any of these unless given. */
  hosts?: readonly string[]
  timeout_ms?: number
  bytes_max?: number
}
export interface NetResponse {
  status: number
  /** Names in small letters; several values of one name are joined by a comma. */
  headers: Record<string, string>
  /** Address that answered at last, after redirects. */
  url: string
  body: Uint8Array
  /** There was more of the body than is taken: what asked for a change was done all the same. */
  cut?: true
}

/**
 * The only way to other machines. What it refuses (private addresses, hosts that are not allowed, too large, too slow,
 * a budget that is used up) is an ActionError that says why.
 */
export interface NetCapability {
  request(request: NetRequest): Promise<NetResponse>
  /** Whether a TCP port takes connections. */
  probe(target: { host: string; port: number; timeout_ms?: number }): Promise<{ open: boolean; ms: number }>
}

export interface FileFacts {
  /** Absolute, as it was asked for or as it lies in the folder. */
  path: string
  kind: 'file' | 'folder'
  size_bytes: number
  /** Epoch milliseconds. */
  modified: number
}

/**
 * Looks at files of the machine, inside the folders that the operator allows; nothing is ever written. What is not
 * allowed is an ActionError that says why.
 */
export interface FilesCapability {
  /** The absolute path that is meant, `~` expanded. Judges its words alone and never waits for a disk. */
  resolve(path: string): string
  /** `undefined` when nothing is there. @throws ActionError outside the allowed folders. */
  look(path: string): Promise<FileFacts | undefined>
  /** What lies in a folder, by name, without what is hidden; at most 10,000. @throws ActionError when it is no folder, or not allowed. */
  list(path: string): Promise<FileFacts[]>
  /** SHA-256 of a file of at most 64 MiB, hexadecimal. */
  digest(path: string): Promise<string>
}

/** Durable repeated checks of documents: each is due once at its time, and then the skill's `check` is called. */
export interface ChecksCapability {
  /** Sets or moves the check of a document. `due` in epoch milliseconds. */
  set(record_id: string, due: number): Promise<void>
  cancel(record_id: string): Promise<void>
}

/** Performs an action of the same skill that is declared `pure` outside the event loop, within bounds of time and memory. */
export interface WorkerCapability {
  perform(action: string, parameters: Record<string, unknown>): Promise<unknown>
}

/** Asks the agent from outside that the execution is for. */
export interface RemoteCapability {
  /** @throws ActionError with what it said, or LateError when it was lost or did not answer. */
  perform(action: string, parameters: Record<string, unknown>): Promise<{ data: unknown; text: string }>
}

/** One call in the audit. */
export interface AuditedCall {
  seq: number
  time: string
  operation: string
  transport: string
  target: string | null
  status: number
  /** `ok`, or the code of the error. */
  outcome: string
  ip: string
  duration_ms: number
}

/** Which of the user's own calls are meant: those of one operation, with one outcome, that failed, in a stretch of time. */
export interface CallFilter {
  operation?: string
  outcome?: string
  failed?: boolean
  /** ISO-8601; from `since` on, and before `until`. */
  since?: string
  until?: string
  /** 1 to 500, 50 unless given. */
  limit?: number
}

/** What the server knows of its own safety, as far as it is the user's business. */
export interface GuardCapability {
  /** The user's own calls, newest first. `complete` is false when there are more, or may be. Times ISO-8601. */
  calls(filter: CallFilter): Promise<{ calls: AuditedCall[]; complete: boolean }>
  /**
   * Checks the database and the chain of the audit, outside the event loop. The answer may be a minute old.
   * `checked_ms` is how long that took. @throws ActionError when it takes too long.
   */
  integrity(): Promise<{ ok: boolean; problems: string[]; lines: number; checked_ms: number }>
  security(): Promise<SecurityFacts>
}

/** What may be known of stored secrets: never a secret itself. */
export interface CredentialsCapability {
  /** Those that have ended, and those that end within so many seconds; the first to end first. Times ISO-8601. */
  expiring(seconds: number): Promise<EndingCredential[]>
  /** Those that are stored, newest first, at most 100, and how many there are in all. */
  list(): Promise<{ credentials: ListedCredential[]; total: number }>
}

export interface ListedCredential extends Pick<
  EndingCredential,
  'credential_id' | 'service_name' | 'expired'
> {
  expires_at: string | null
}

export interface EndingCredential {
  credential_id: string
  service_name: string
  expires_at: string
  expired: boolean
  /** The service that gives it another secret by itself. */
  renewed_by?: string
}

/** Backups of the whole server, for its owner alone: everybody else is refused with an ActionError. */
export interface BackupsCapability {
  /** Newest first; `verified` when it was restored into a folder of its own and found to hold. */
  list(): Promise<(BackupFacts & { verified: boolean })[]>
  /** @throws ActionError when it fails. */
  make(): Promise<BackupFacts>
  /**
   * Restores a backup, the newest unless named, into a folder of its own and looks at all of it; `lines` are those of
   * its audit. @throws ActionError when there is none of the name, or it is of another server.
   */
  verify(name?: string): Promise<BackupFacts & { ok: boolean; problems: string[]; lines: number }>
}

/** A backup of the server. */
export interface BackupFacts {
  name: string
  /** ISO-8601. */
  created_at: string
  bytes: number
}

/** Facts that a security report is made of; counts are of the last 7 days where they are of calls. */
export interface SecurityFacts {
  passkeys: number
  /** Of these, the ones that are kept in a file rather than in a device. */
  software_passkeys: number
  backup_codes_left: number
  sessions: number
  /** Whether a passkey is asked for where a password would do. */
  wants_passkey: boolean
  /** Calls that were refused or went wrong, the two kinds below left out. */
  failed_calls: number
  /** Calls that were refused for want of a good proof; the first try of an honest client is one too. */
  refused_proofs: number
  /** Calls that were refused because there were too many. */
  limited_calls: number
  /** False when there were more calls than were looked at: the three counts are then of the newest, and at least so many. */
  calls_complete: boolean
  /** Agents that are programs on other machines. */
  agents_remote: number
  /** Whether other machines can reach this server. */
  exposed: boolean
}
