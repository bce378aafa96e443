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
  /** Smaller ones are asked first; the engine that comes with PAIOS has 0. */
  order: Type.Integer({ minimum: -1000, maximum: 1000 }),
  /** Primary tags that it is good for; any unless given. */
  languages: Type.Optional(Tags),
}
const Role = Type.Enum(['stt', 'tts', 'both'])
const Model = Type.Optional(Text(128, 1))

/**
 * An engine for speech besides those that come with PAIOS. `openai`: whoever has OpenAI's interface for transcription and
 * speech below `url`; `whisper`: the server of whisper.cpp; `wyoming`: a service that speaks Wyoming; `sherpa`:
 * sherpa-onnx and a model in a folder of this machine. The address must be one that the operator lets this server reach,
 * and the credential granted for its origin.
 */
export const SpeechEngine = Type.Union([
  object({
    type: Type.Literal('openai'),
    role: Role,
    url: EngineUrl,
    model: Model,
    speech_model: Model,
    voices: Type.Optional(Type.Array(Text(39, 1), { minItems: 1, maxItems: 50 })),
    credential_id: Type.Optional(Id),
    ...engine,
  }),
  object({
    type: Type.Literal('whisper'),
    role: Type.Literal('stt'),
    url: EngineUrl,
    credential_id: Type.Optional(Id),
    ...engine,
  }),
  object({
    type: Type.Literal('wyoming'),
    role: Role,
    host: Host,
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    model: Model,
    ...engine,
  }),
  object({ type: Type.Literal('sherpa'), role: Type.Literal('stt'), folder: Folder, ...engine }),
])
export type SpeechEngine = Type.Static<typeof SpeechEngine>

/** All that are configured. Their names are different. */
export const SpeechEngines = Type.Array(SpeechEngine, { maxItems: 16 })
export type SpeechEngines = Type.Static<typeof SpeechEngines>

/** Additive: what hears and speaks besides the engines that come with PAIOS. */
export const SpeechSettings = object({ engines: SpeechEngines })
