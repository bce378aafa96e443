/** The chapter Voice Processing API of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */

export interface VoiceProcessingRequest {
  audio_data?: string // Base64 encoded
  text_fallback?: string
  language: string
  context?: {
    active_agent?: number
    conversation_history?: string[]
    user_preferences?: Record<string, unknown>
  }
}

export interface VoiceProcessingResponse {
  success: boolean
  data: {
    transcribed_text: string
    confidence_score: number
    detected_language: string
    intent: VoiceIntent
    agent_routing: AgentRouting
    response: VoiceResponse
  }
}

export interface VoiceIntent {
  action: string
  entities: Record<string, unknown>
  confidence: number
  alternative_intents?: VoiceIntent[]
}

export interface AgentRouting {
  target_agent: number | null
  routing_confidence: number
  fallback_agents: number[]
  global_command: boolean
}

export interface VoiceResponse {
  text: string
  audio_url?: string
  suggestions?: string[]
  requires_followup: boolean
}

export interface VoiceSettings {
  language: string
  voice_id: string
  speech_rate: number
  pitch: number
  volume: number
  wake_word_enabled: boolean
  wake_words: string[]
  noise_suppression: boolean
  auto_transcription: boolean
}
