/** The chapter Agent Management API of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */
import type { ExternalIntegration, VoiceCommand } from './undefined.ts'
import type { WorkflowTrigger } from './workflows.ts'

export interface Agent {
  id: string
  user_id: string
  agent_number: number
  name: string
  description: string
  config: AgentConfig
  status: AgentStatus
  is_active: boolean
  voice_enabled: boolean
  created_at: string
  updated_at: string
  last_execution: string | null
  execution_count: number
  average_execution_time: number
}

export interface AgentConfig {
  api_keys: Record<string, string>
  preferences: Record<string, unknown>
  workflow_triggers: WorkflowTrigger[]
  voice_commands: VoiceCommand[]
  external_integrations: ExternalIntegration[]
}

export interface AgentStatus {
  state: 'idle' | 'executing' | 'error' | 'disabled'
  last_error: string | null
  health_score: number
  resource_usage: ResourceUsage
}

export interface ResourceUsage {
  cpu_usage: number
  memory_usage: number
  api_calls_per_minute: number
  network_usage: number
}

export interface AgentCommand {
  action: string
  parameters: Record<string, unknown>
  context?: Record<string, unknown>
  user_id: string
  request_id: string
  voice_input?: boolean
  priority: 'low' | 'normal' | 'high'
}

export interface AgentResponse {
  success: boolean
  data?: unknown
  error?: string
  metadata: {
    execution_time: number
    resources_used: string[]
    next_suggested_actions?: string[]
    workflow_triggered?: string[]
  }
}

export interface AgentsListResponse {
  success: boolean
  data: {
    agents: Agent[]
    total_count: number
    active_count: number
  }
}

export interface ExecuteAgentRequest {
  command: AgentCommand
  wait_for_completion?: boolean
  timeout_ms?: number
}

export interface ExecuteAgentResponse {
  success: boolean
  data: {
    execution_id: string
    result?: AgentResponse
    status: 'queued' | 'executing' | 'completed' | 'failed'
  }
}

export interface VoiceCommandRequest {
  audio_data?: string // Base64 encoded audio
  text_input?: string // Text fallback
  language?: string
  context?: Record<string, unknown>
}

export interface VoiceCommandResponse {
  success: boolean
  data: {
    transcribed_text: string
    command_understood: boolean
    agent_response: AgentResponse
    voice_response?: string // Text-to-speech response
  }
}
