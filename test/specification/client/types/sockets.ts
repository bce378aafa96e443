/** The chapter WebSocket API of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */
import type { AgentCommand, AgentResponse, AgentStatus } from './agents.ts'
import type { User } from './auth.ts'
import type { SystemArchitecture, SystemHealth, SystemModification } from './system.ts'
import type { VoiceProcessingRequest } from './voice.ts'

export interface SocketEvents {
  connect: () => void
  disconnect: (reason: string) => void
  error: (error: Error) => void
  authenticated: (user: User) => void
  unauthorized: (error: string) => void
}

export interface WebSocketEvents {
  // Agent Events
  'agent:status_changed': (data: {
    agent_id: string
    agent_number: number
    old_status: AgentStatus
    new_status: AgentStatus
  }) => void

  'agent:execution_started': (data: { agent_id: string; execution_id: string; command: AgentCommand }) => void

  'agent:execution_completed': (data: {
    agent_id: string
    execution_id: string
    result: AgentResponse
    duration: number
  }) => void

  'agent:error': (data: { agent_id: string; error: string; context?: Record<string, unknown> }) => void

  // Voice Events
  'voice:command_received': (data: { text: string; confidence: number; language: string }) => void

  'voice:processing': (data: {
    status: 'transcribing' | 'analyzing' | 'routing' | 'executing'
    progress?: number
  }) => void

  'voice:response_ready': (data: { text: string; audio_url?: string; agent_response?: AgentResponse }) => void

  // System Events
  'system:architecture_updated': (data: {
    changes: SystemModification[]
    new_architecture: SystemArchitecture
  }) => void

  'system:performance_alert': (data: {
    alert_type: 'high_cpu' | 'high_memory' | 'slow_response' | 'agent_error'
    severity: 'warning' | 'critical'
    details: Record<string, unknown>
  }) => void

  'system:health_changed': (data: { old_health: SystemHealth; new_health: SystemHealth }) => void

  // Workflow Events
  'workflow:triggered': (data: { workflow_id: string; trigger_source: string; execution_id: string }) => void

  'workflow:step_completed': (data: {
    workflow_id: string
    execution_id: string
    step_id: string
    result: unknown
  }) => void

  'workflow:completed': (data: {
    workflow_id: string
    execution_id: string
    success: boolean
    duration: number
    results: Record<string, unknown>
  }) => void

  // Cross-Agent Communication
  'agent:message': (data: {
    from_agent: number
    to_agent: number
    message_type: string
    data: unknown
    timestamp: string
  }) => void

  'agent:broadcast': (data: {
    from_agent: number
    message_type: string
    data: unknown
    target_agents?: number[]
  }) => void
}

export interface WebSocketClientEvents {
  // Join agent-specific room for updates
  'agent:subscribe': (agent_id: string) => void
  'agent:unsubscribe': (agent_id: string) => void

  // Send voice commands
  'voice:command': (data: VoiceProcessingRequest) => void
  'voice:stop_listening': () => void

  // System modifications
  'system:modify': (modification: SystemModification) => void
  'system:subscribe_architecture': () => void

  // Agent execution
  'agent:execute': (data: { agent_id: string; command: AgentCommand }) => void

  // Workflow control
  'workflow:execute': (workflow_id: string, data?: unknown) => void
  'workflow:stop': (execution_id: string) => void
}
