/**
 * How the tables write down a type of the specification. `object` is `Record<string, any>`, `string-map` is
 * `Record<string, string>`, and `fields` is an object without a name of its own.
 */
export type FieldType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'any'
  | 'object'
  | 'string-map'
  | 'string|null'
  | 'number|null'
  | { readonly enum: readonly string[] }
  | { readonly literal: string | boolean }
  | { readonly array: FieldType }
  | { readonly ref: string }
  | { readonly fields: readonly FieldFact[] }

/** A field of an object, or an argument of an event. */
export interface FieldFact {
  readonly name: string
  readonly type: FieldType
  readonly optional: boolean
}

/** A named interface, its fields in the order of the specification. */
export interface TypeFact {
  readonly name: string
  readonly fields: readonly FieldFact[]
}

/** An event with one object as its payload. */
export interface EventFact {
  readonly name: string
  readonly fields: readonly FieldFact[]
}

/** An event with positional arguments. */
export interface CallFact {
  readonly name: string
  readonly args: readonly FieldFact[]
}

/** A method of the message protocol; `request` is the name of its interface. */
export interface MessageMethodFact {
  readonly method: string
  readonly request: string
  readonly params: readonly FieldFact[]
}

export interface ErrorCodeFact {
  readonly name: string
  readonly code: string
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** The chapter of the specification that lists the endpoint. */
export type Section = 'auth' | 'agents' | 'workflows' | 'system' | 'voice' | 'credentials'

/** `data` is `{success, data}`; `flat` has the fields beside `success`; `data+message` adds `message`. */
export type Envelope = 'data' | 'flat' | 'data+message'

export interface EndpointFact {
  readonly method: Method
  /** As the specification writes it, so without `/api`. */
  readonly path: string
  readonly section: Section
  /** True when it belongs to the operations that need biometric proof. */
  readonly sensitive: boolean
  readonly who: 'public' | 'user' | 'owner'
  readonly envelope: Envelope
}

/**
 * Which interface an endpoint takes and gives. A request is always the whole body. A response is the whole
 * body when `response_is` is `body`, and the content of its `data` field when it is `data`.
 */
export interface LinkFact {
  readonly method: Method
  readonly path: string
  readonly request?: string
  readonly response?: string
  readonly response_is?: 'body' | 'data'
  /**
   * `heading`: the specification writes both under a heading with the endpoint's name. `model`: no heading,
   * but the chapter has a model that fits this endpoint alone. `entity`: the endpoint returns the entity
   * of its chapter, which the specification leaves to be understood.
   */
  readonly basis: 'heading' | 'model' | 'entity'
}

/** A name that stands in the specification's types without a definition, and the places that use it. */
export interface UndefinedTypeFact {
  readonly name: string
  readonly used_by: readonly string[]
}

/** What a rate limit tier allows. */
export interface TierFact {
  readonly requests_per_minute: number
  readonly voice_commands_per_hour: number
  readonly agent_executions_per_hour: number
  readonly workflow_executions_per_day: number
}

/** A header of every response; `values` is the closed list of what it may say, where there is one. */
export interface HeaderFact {
  readonly name: string
  readonly example: string
  readonly values?: readonly string[]
}
