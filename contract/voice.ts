import { Type } from 'typebox'
import { AUDIO_BODY_BYTES_MAX, area, object, operation } from './operation.ts'
import { AgentNumber, FreeMap, Id, Language, Text, Time, next_cursor, nullable, page } from './shapes.ts'
import { Confidence, Milliseconds, Share } from './units.ts'
import { AgentResponse } from './agents.ts'
import { PendingApproval } from './approvals.ts'
import { WorkflowDefinition } from './workflows.ts'

const intentFields = {
  action: Type.String(),
  entities: FreeMap,
  confidence: Confidence,
}

/** `action` is `unknown` when nothing was understood. Alternatives are best first. */
export const VoiceIntent = object({
  ...intentFields,
  alternative_intents: Type.Optional(Type.Array(object(intentFields))),
})
export type VoiceIntent = Type.Static<typeof VoiceIntent>

/** `target_agent` is null for global commands and for what was not understood. `reason` is additive. */
export const AgentRouting = object({
  target_agent: nullable(AgentNumber),
  routing_confidence: Confidence,
  fallback_agents: Type.Array(AgentNumber),
  global_command: Type.Boolean(),
  reason: Type.String(),
})
export type AgentRouting = Type.Static<typeof AgentRouting>

export const VoiceResponse = object({
  text: Type.String(),
  audio_url: Type.Optional(Type.String()),
  suggestions: Type.Optional(Type.Array(Type.String())),
  requires_followup: Type.Boolean(),
})
export type VoiceResponse = Type.Static<typeof VoiceResponse>

/** `conversation_id` joins utterances (decision 34); the default is the session. */
export const VoiceContext = object({
  active_agent: Type.Optional(AgentNumber),
  conversation_history: Type.Optional(Type.Array(Text(10_000), { maxItems: 50 })),
  user_preferences: Type.Optional(FreeMap),
  conversation_id: Type.Optional(Text(128, 1)),
})

/** A workflow that a sentence asks for: it is made when the next sentence agrees. `diagram` is a flowchart for Mermaid. */
export const WorkflowProposal = object({
  name: Type.String(),
  definition: WorkflowDefinition,
  explanation: Type.String(),
  diagram: Type.String(),
  impact: Type.Array(Type.String()),
  unclear: Type.Array(Type.String()),
})

/**
 * What follows `command_understood` is additive. `execution_id` is that of an agent's action, `workflow_execution_id`
 * that of the run of a workflow which the sentence has started or answered; `details` is there when the sentence waits
 * for an approval (decision 13). `processing_ms` in milliseconds, with the hearing. With `dry_run`, `requires_followup`
 * tells that it would ask back first.
 */
export const VoiceProcessed = object({
  transcribed_text: Type.String(),
  confidence_score: Confidence,
  detected_language: Type.String(),
  intent: VoiceIntent,
  agent_routing: AgentRouting,
  response: VoiceResponse,
  command_understood: Type.Boolean(),
  agent_response: Type.Optional(AgentResponse),
  execution_id: Type.Optional(Id),
  workflow_id: Type.Optional(Id),
  workflow_execution_id: Type.Optional(Id),
  proposal: Type.Optional(WorkflowProposal),
  details: Type.Optional(PendingApproval),
  processing_ms: Type.Number(),
})
export type VoiceProcessed = Type.Static<typeof VoiceProcessed>

/**
 * Factors are 1 for normal; `volume` is 0 to 1. Additive: `keep_audio` is whether what was said is kept as sound beside
 * the history, and `remote_audio` whether sound may go to engines on other machines that the owner allows; neither is so
 * unless its user wants that.
 */
export const VoiceSettings = object({
  language: Language,
  voice_id: Text(64, 1),
  speech_rate: Type.Number({ minimum: 0.5, maximum: 2 }),
  pitch: Type.Number({ minimum: 0.5, maximum: 2 }),
  volume: Type.Number({ minimum: 0, maximum: 1 }),
  wake_word_enabled: Type.Boolean(),
  wake_words: Type.Array(Text(40, 1), { minItems: 1, maxItems: 5 }),
  noise_suppression: Type.Boolean(),
  auto_transcription: Type.Boolean(),
  keep_audio: Type.Boolean(),
  remote_audio: Type.Boolean(),
})
export type VoiceSettings = Type.Static<typeof VoiceSettings>

/** A sentence that was said, and what became of it. */
export const VoiceCommandRecord = object({
  id: Id,
  text: Type.String(),
  action: Type.String(),
  target_agent: nullable(AgentNumber),
  confidence: Type.Number({ description: 'How sure that was, 0 to 1.' }),
  tier: Type.String(),
  understood: Type.Boolean(),
  response: Type.String(),
  execution_id: nullable(Id),
  /** Whether the sound of it is kept. */
  has_audio: Type.Boolean(),
  created_at: Time,
})

/** A sound as base64 of a WAV file; by REST it is the file itself. */
const Sound = object({ audio_data: Type.String() })
/** The media type of sounds by REST. */
const SOUND_TYPE = 'audio/wav'

/** Ten megabytes of sound as base64, with what a `data:` address has before it. */
const AudioData = Type.String({ maxLength: 14_680_064 })

/** The client's own name of an utterance that it streams. */
const UtteranceId = Text(64, 1)

/**
 * A piece of an utterance that is being said, as `voice:audio` carries it. The first piece of an `utterance_id` begins
 * it, `end` says that no more comes; what comes after its end is dropped. Sound is WebM or Ogg with Opus as a browser
 * records it, or `pcm16`: 16 kHz, one channel, little-endian. With `wait_for_wake` nothing is heard before a wake word; the setting `wake_word_enabled` counts where it is
 * not said.
 */
export const VoiceAudio = object({
  utterance_id: UtteranceId,
  audio_data: Type.Optional(Type.String({ maxLength: 262_144 })),
  format: Type.Optional(Type.Enum(['webm', 'ogg', 'pcm16'])),
  end: Type.Optional(Type.Boolean()),
  wait_for_wake: Type.Optional(Type.Boolean()),
  language: Type.Optional(Language),
  context: Type.Optional(VoiceContext),
})
export type VoiceAudio = Type.Static<typeof VoiceAudio>

/** Whether a piece of an utterance was taken: false when it has ended, and the piece is dropped. */
export const VoiceListening = object({ listening: Type.Boolean() })

/**
 * How a wake phrase did on what it has not learnt: `hits` of `tried`, which are the recordings as they are, faster and
 * slower, each tried with what was learnt from the others; and how often other speech of so many seconds woke it.
 */
export const WakePhraseTrial = object({
  phrase: Type.String(),
  tried: Type.Integer(),
  hits: Type.Integer(),
  other_seconds: Type.Integer(),
  false_alarms: Type.Integer(),
})
export type WakePhraseTrial = Type.Static<typeof WakePhraseTrial>

export const voice = area('voice', {
  process: operation({
    http: 'POST /voice/process',
    summary: 'Understands a sentence, routes it to an agent and does it.',
    limits: ['voice_commands_per_hour', 'agent_executions_per_hour'],
    key: 'header',
    body_bytes_max: AUDIO_BODY_BYTES_MAX,
    socket: { event: 'voice:command' },
    input: object({
      audio_data: Type.Optional(AudioData),
      /** What was streamed by `voice:audio` on the same socket. */
      utterance_id: Type.Optional(UtteranceId),
      text_fallback: Type.Optional(Text(100_000)),
      text_input: Type.Optional(Text(100_000)),
      language: Type.Optional(Language),
      context: Type.Optional(VoiceContext),
      dry_run: Type.Optional(Type.Boolean()),
    }),
    output: VoiceProcessed,
  }),
  commands: operation({
    http: 'GET /voice/commands',
    summary: 'The sentences of the user, newest first.',
    input: object({ ...page }),
    output: object({ commands: Type.Array(VoiceCommandRecord), next_cursor }),
  }),
  forget: operation({
    http: 'DELETE /voice/commands/:id',
    summary: 'Forgets a sentence, and its sound with it.',
    input: object({ id: Id }),
    irreversible: 'What was said is gone.',
  }),
  forget_all: operation({
    http: 'DELETE /voice/commands',
    summary: 'Forgets all sentences of the user, and their sounds.',
    output: object({ forgotten: Type.Integer() }),
    irreversible: 'What was said is gone.',
  }),
  recording: operation({
    http: 'GET /voice/commands/:id/audio',
    summary: 'The sound of a sentence, when it was kept.',
    input: object({ id: Id }),
    output: Sound,
    media: SOUND_TYPE,
  }),
  audio: operation({
    http: 'GET /voice/audio/:id',
    summary: 'A sound that an `audio_url` names, for its own user and for ten minutes.',
    input: object({ id: Text(64, 1) }),
    output: Sound,
    media: SOUND_TYPE,
  }),
  settings: operation({
    http: 'POST /voice/settings',
    summary: 'Changes some voice settings and answers all of them.',
    input: Type.Partial(VoiceSettings, { additionalProperties: false }),
    output: VoiceSettings,
  }),
  capabilities: operation({
    http: 'GET /voice/capabilities',
    summary: 'Which engines, languages, voices and formats are really here, and what is missing.',
    output: object({
      engines: Type.Array(FreeMap),
      languages: Type.Array(Type.String()),
      voices: Type.Array(FreeMap),
      formats: Type.Array(Type.String()),
      wake_word: Type.Boolean(),
      limits: FreeMap,
      settings: VoiceSettings,
      /** Those that the user has recorded; the words are among the settings. */
      wake_phrases: Type.Optional(Type.Array(Type.String())),
      missing: Type.Array(object({ what: Type.String(), how: Type.String() })),
    }),
  }),
  synthesize: operation({
    http: 'POST /voice/synthesize',
    summary: 'Speaks a text.',
    input: object({
      text: Text(5000, 1),
      language: Type.Optional(Language),
      voice_id: Type.Optional(VoiceSettings.properties.voice_id),
      speech_rate: Type.Optional(VoiceSettings.properties.speech_rate),
      pitch: Type.Optional(VoiceSettings.properties.pitch),
      volume: Type.Optional(VoiceSettings.properties.volume),
      format: Type.Optional(Text(16, 1)),
    }),
    output: object({
      audio_url: Type.String(),
      audio_data: Type.Optional(Type.String()),
      format: Type.String(),
      duration: Milliseconds,
    }),
  }),
  /**
   * Samples are sentences, with `text` or `audio_data`, the agent that each is for and what that is to do. Additive: with
   * `wake_phrase` they are 3 to 5 recordings of the phrase alone, and nothing else.
   */
  train: operation({
    http: 'POST /voice/train',
    summary:
      'Teaches the understanding with samples, or a wake phrase with recordings, and tells what that gained.',
    body_bytes_max: AUDIO_BODY_BYTES_MAX,
    input: object({
      samples: Type.Array(
        object({
          text: Type.Optional(Text(1000, 1)),
          audio_data: Type.Optional(Type.String({ maxLength: 14_680_064 })),
          agent_number: Type.Optional(AgentNumber),
          action: Type.Optional(Text(80, 1)),
        }),
        { minItems: 1, maxItems: 500 },
      ),
      language: Type.Optional(Language),
      wake_phrase: Type.Optional(Text(40, 1)),
    }),
    output: object({
      accuracy_before: Share,
      accuracy_after: Share,
      samples: Type.Integer(),
      modification_id: Id,
      wake_phrase: Type.Optional(WakePhraseTrial),
      /** Additive: what was learnt of the samples that are sounds, each by its place among the samples. */
      heard: Type.Optional(
        Type.Array(object({ sample: Type.Integer(), text: Type.String(), confidence: Confidence })),
      ),
    }),
  }),
})
