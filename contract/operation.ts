import { Type } from 'typebox'
import type { Static, TObject, TProperties, TSchema } from 'typebox'
import type { LimitKind } from './limits.ts'

/** Who may ask: anybody, a signed-in user, or the owner of this server (decision 2). */
export type Who = 'public' | 'user' | 'owner'

/**
 * What a caller must prove beyond the token (decisions 11 and 12). `strict` is met by a passkey alone; `account` also by
 * a password sign-in at most 5 minutes old, as long as the user has no passkey or has switched biometric proof off.
 * `enrol` is `account`, and met by a sign-in with a backup code at most 15 minutes old; `remove` is `account`, and met
 * by a fresh password sign-in as long as every passkey of the user is provisional.
 */
export type ProofRule = 'none' | 'account' | 'strict' | 'enrol' | 'remove'

/** What performing the operation touches: nothing, this server's store, or the world outside. */
export type Effect = 'none' | 'store' | 'outside'

/** `value`: the answer; `accepted`: a receipt now, the answer when waited for; `nothing`: an empty success. */
export type Outcome = 'value' | 'accepted' | 'nothing'

/** How the answer is wrapped: `{success, data}`, the fields beside `success`, or a whole document of its own. */
export type Envelope = 'data' | 'flat' | 'message' | 'document'

export interface HttpBinding {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path below `/api`, parameters as `:name`. */
  readonly path: string
  /** Status of a success; an `accepted` outcome that is not finished answers 202. */
  readonly status: number
  readonly envelope: Envelope
  /** Body bound in bytes. */
  readonly body_bytes_max: number
  /** Media type of an answer that is no JSON: its bytes are what `audio_data` of the output holds as base64. */
  readonly media?: string
}

export interface SocketBinding {
  readonly event: string
  /** Input fields in the order of the event's arguments; without it the one argument is the input itself. */
  readonly args?: readonly string[]
  /** Fields of the event's object, or arguments, that have another name in the input; '' is its one argument itself. */
  readonly rename?: Readonly<Record<string, string>>
  /** Server-owned fields that clients of the specification send and that are dropped (`SystemModification.id`). */
  readonly drop?: readonly string[]
}

/** Planned removal of an operation (decision 33). Dates are ISO-8601 days. */
export interface Deprecation {
  readonly since: string
  readonly sunset: string
  readonly instead: string
}

/** One thing that can be asked of the system, with everything that any transport needs to know about it. */
export interface Operation<I extends TObject = TObject, O extends TSchema = TSchema> {
  readonly name: string
  readonly summary: string
  readonly who: Who
  readonly input: I
  readonly output: O
  readonly outcome: Outcome
  readonly effect: Effect
  readonly proof: ProofRule
  /** Windows that a call counts in, besides `requests_per_minute`. */
  readonly limits: readonly LimitKind[]
  /** True for what must always get through: never limited, never waiting for a proof (stop). */
  readonly unlimited: boolean
  /** True for what must work in a server that is overloaded: it has slots of its own (health, signing in). */
  readonly vital: boolean
  /** True for what an agent from outside may ask with a token of its own; everything else is for users alone. */
  readonly agents: boolean
  /**
   * `message`: the call names another operation, which is what is really asked for. `webhook`: the body is the sender's
   * own, of any form, and the token in the path says whose call it is.
   */
  readonly carries?: 'message' | 'webhook'
  /** Dotted path of the idempotency key in the input, or `header` for `Idempotency-Key` alone. */
  readonly key?: string
  readonly deprecation?: Deprecation
  /** What no rollback brings back, in a sentence. */
  readonly irreversible?: string
  readonly http: HttpBinding
  readonly socket?: SocketBinding
  /** Method of the specification's message protocol. */
  readonly message?: string
}

interface Declaration<I extends TObject, O extends TSchema> {
  http: string
  summary: string
  who?: Who
  input?: I
  output?: O
  outcome?: Outcome
  effect?: Effect
  proof?: ProofRule
  limits?: readonly LimitKind[]
  unlimited?: boolean
  vital?: boolean
  agents?: boolean
  carries?: 'message' | 'webhook'
  key?: string
  deprecation?: Deprecation
  irreversible?: string
  status?: number
  envelope?: Envelope
  body_bytes_max?: number
  media?: string
  socket?: SocketBinding
  message?: string
}

/** A JSON body may be 1 MiB, so that parsing one cannot hold the event loop for long. */
export const BODY_BYTES_MAX = 1_048_576
/** What strangers may send: signing in takes a few thousand bytes, and nobody could be held to account for more. */
export const STRANGER_BODY_BYTES_MAX = 65_536
/** Ten megabytes of audio are 14 MB as base64. */
export const AUDIO_BODY_BYTES_MAX = 15 * 1_048_576

/** A closed object: unknown fields are refused, as decided for every request. */
export function object<P extends TProperties>(properties: P): Type.TObject<P> {
  return Type.Object(properties, { additionalProperties: false })
}

/** What an operation answers that has nothing to say. */
export const Nothing = object({})

const HTTP_PATTERN = /^(GET|POST|PUT|DELETE) (\/\S*)$/

/**
 * Declares an operation. Defaults: signed-in user, no input, no proof, and an effect on the store unless it is a GET.
 *
 * @throws Error when `http` is not `METHOD /path`: a mistake in the contract itself, found when it is loaded.
 */
export function operation<I extends TObject = typeof Nothing, O extends TSchema = typeof Nothing>(
  declaration: Declaration<I, O>,
): Omit<Operation<I, O>, 'name'> {
  const parts = HTTP_PATTERN.exec(declaration.http)
  if (parts === null) throw new Error(`Not a binding: ${declaration.http}`)
  const method = parts[1] as HttpBinding['method']
  const { http: _, status, envelope, body_bytes_max, media, ...given } = declaration
  return {
    who: 'user',
    outcome: declaration.output === undefined ? 'nothing' : 'value',
    effect: method === 'GET' ? 'none' : 'store',
    proof: 'none',
    limits: [],
    unlimited: false,
    vital: false,
    agents: false,
    ...given,
    input: (declaration.input ?? Nothing) as I,
    output: (declaration.output ?? Nothing) as O,
    http: {
      method,
      path: parts[2] ?? '/',
      status: status ?? 200,
      envelope: envelope ?? 'data',
      body_bytes_max: body_bytes_max ?? BODY_BYTES_MAX,
      ...(media === undefined ? {} : { media }),
    },
  }
}

type Undeclared = Record<string, Omit<Operation, 'name'>>
type Named<G extends Undeclared> = { readonly [K in keyof G]: G[K] & { readonly name: string } }

/** Gives every operation of an area its full name, `area.operation`. */
export function area<G extends Undeclared>(name: string, operations: G): Named<G> {
  const entries = Object.entries(operations).map(([key, value]) => [
    key,
    { ...value, name: `${name}.${key}` },
  ])
  return Object.fromEntries(entries) as Named<G>
}

/** The checked input of an operation. */
export type Input<T extends { input: TSchema }> = Static<T['input']>
/** The answer of an operation, before a transport wraps it. */
export type Output<T extends { output: TSchema }> = Static<T['output']>
