import type { TypeFact } from './notation.ts'

/** The interfaces of the specification's Voice Processing API chapter, in its order. */
export const voiceTypes: readonly TypeFact[] = [
  {
    name: 'VoiceProcessingRequest',
    fields: [
      { name: 'audio_data', type: 'string', optional: true },
      { name: 'text_fallback', type: 'string', optional: true },
      { name: 'language', type: 'string', optional: false },
      {
        name: 'context',
        type: {
          fields: [
            { name: 'active_agent', type: 'number', optional: true },
            { name: 'conversation_history', type: { array: 'string' }, optional: true },
            { name: 'user_preferences', type: 'object', optional: true },
          ],
        },
        optional: true,
      },
    ],
  },
  {
    name: 'VoiceProcessingResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      {
        name: 'data',
        type: {
          fields: [
            { name: 'transcribed_text', type: 'string', optional: false },
            { name: 'confidence_score', type: 'number', optional: false },
            { name: 'detected_language', type: 'string', optional: false },
            { name: 'intent', type: { ref: 'VoiceIntent' }, optional: false },
            { name: 'agent_routing', type: { ref: 'AgentRouting' }, optional: false },
            { name: 'response', type: { ref: 'VoiceResponse' }, optional: false },
          ],
        },
        optional: false,
      },
    ],
  },
  {
    name: 'VoiceIntent',
    fields: [
      { name: 'action', type: 'string', optional: false },
      { name: 'entities', type: 'object', optional: false },
      { name: 'confidence', type: 'number', optional: false },
      { name: 'alternative_intents', type: { array: { ref: 'VoiceIntent' } }, optional: true },
    ],
  },
  {
    name: 'AgentRouting',
    fields: [
      { name: 'target_agent', type: 'number|null', optional: false },
      { name: 'routing_confidence', type: 'number', optional: false },
      { name: 'fallback_agents', type: { array: 'number' }, optional: false },
      { name: 'global_command', type: 'boolean', optional: false },
    ],
  },
  {
    name: 'VoiceResponse',
    fields: [
      { name: 'text', type: 'string', optional: false },
      { name: 'audio_url', type: 'string', optional: true },
      { name: 'suggestions', type: { array: 'string' }, optional: true },
      { name: 'requires_followup', type: 'boolean', optional: false },
    ],
  },
  {
    name: 'VoiceSettings',
    fields: [
      { name: 'language', type: 'string', optional: false },
      { name: 'voice_id', type: 'string', optional: false },
      { name: 'speech_rate', type: 'number', optional: false },
      { name: 'pitch', type: 'number', optional: false },
      { name: 'volume', type: 'number', optional: false },
      { name: 'wake_word_enabled', type: 'boolean', optional: false },
      { name: 'wake_words', type: { array: 'string' }, optional: false },
      { name: 'noise_suppression', type: 'boolean', optional: false },
      { name: 'auto_transcription', type: 'boolean', optional: false },
    ],
  },
]
