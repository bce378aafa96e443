import { Type } from 'typebox'
import { object } from './operation.ts'
import { Id, Text } from './shapes.ts'

const EngineName = Type.String({ minLength: 1, maxLength: 24, pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]*$' })
const EngineUrl = Type.String({ maxLength: 512, pattern: '^https?://[^\\s/?#@]+(/[^\\s?#]*)?$' })
const Host = Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9.:_-]+$' })
const Folder = Type.String({
  minLength: 2,
  maxLength: 1024,
  pattern: '^([/]|[A-Za-z]:[\\\\/])[^\\x00-\\x1f]*$',
})
const Tags = Type.Array(Type.String({ pattern: '^[a-z]{2,3}$' }), { maxItems: 32 })

/** What every engine has. */
const engine = {
  name: EngineName,
  /** Whether it may be used although sound or text leaves this machine for it. */
  allow_remote: Type.Boolean(),
  /** Smaller ones are asked first; the engine that comes with PAIOS has 0, and comes before others that have it. */
  order: Type.Integer({ minimum: -1000, maximum: 1000 }),
  /** Primary tags that it is good for; any unless given. */
  languages: Type.Optional(Tags),
}
const Role = Type.Enum(['stt', 'tts', 'both'])
const Model = Type.Optional(Text(128, 1))

/** The kinds of engines, each with what every engine has. */
function kinds<P extends Type.TProperties>(every: P) {
  return Type.Union([
    object({
      type: Type.Literal('openai'),
      role: Role,
      url: EngineUrl,
      model: Model,
      speech_model: Model,
      voices: Type.Optional(Type.Array(Text(39, 1), { minItems: 1, maxItems: 50 })),
      credential_id: Type.Optional(Id),
      ...every,
    }),
    object({
      type: Type.Literal('whisper'),
      role: Type.Literal('stt'),
      url: EngineUrl,
      credential_id: Type.Optional(Id),
      ...every,
    }),
    object({
      type: Type.Literal('wyoming'),
      role: Role,
      host: Host,
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
      model: Model,
      ...every,
    }),
    object({ type: Type.Literal('sherpa'), role: Type.Literal('stt'), folder: Folder, ...every }),
  ])
}

/**
 * An engine for speech besides those that come with PAIOS. `openai`: whoever has OpenAI's interface for transcription and
 * speech below `url`; `whisper`: the server of whisper.cpp; `wyoming`: a service that speaks Wyoming; `sherpa`:
 * sherpa-onnx and a model in a folder of this machine. The address must be one that the operator lets this server reach,
 * and the credential granted for its origin.
 */
export const SpeechEngine = kinds(engine)
export type SpeechEngine = Type.Static<typeof SpeechEngine>

const ENGINES_MAX = 16
/** All that are configured. Their names are different. */
export const SpeechEngines = Type.Array(SpeechEngine, { maxItems: ENGINES_MAX })
export type SpeechEngines = Type.Static<typeof SpeechEngines>

/** As its owner sends it: `allow_remote` is false and `order` is 0 unless given. */
const GivenEngine = kinds({
  ...engine,
  allow_remote: Type.Optional(engine.allow_remote),
  order: Type.Optional(engine.order),
})
export const ENGINE_DEFAULTS = { allow_remote: false, order: 0 } as const
export const GivenSpeechSettings = object({
  engines: Type.Optional(Type.Array(GivenEngine, { maxItems: ENGINES_MAX })),
})

/** Additive: what hears and speaks besides the engines that come with PAIOS. */
export const SpeechSettings = object({ engines: SpeechEngines })
