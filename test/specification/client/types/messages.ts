/** The chapter MCP Protocol Specification of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */
import type { JSONSchema, VoiceCommand } from './undefined.ts'

export interface MCPMessage {
  id: string
  version: '1.0'
  type: 'request' | 'response' | 'notification' | 'error'
  method?: string // For requests
  params?: Record<string, unknown> // For requests
  result?: unknown // For responses
  error?: MCPError // For errors
  timestamp: string
  source: {
    agent_number: number
    agent_id: string
  }
  target?: {
    agent_number?: number
    agent_id?: string
    broadcast?: boolean
  }
}

export interface MCPError {
  code: number
  message: string
  data?: unknown
}

export interface RegisterAgentRequest {
  method: 'agent.register'
  params: {
    agent_number: number
    name: string
    capabilities: string[]
    voice_commands: VoiceCommand[]
    config_schema: JSONSchema
  }
}

export interface SendMessageRequest {
  method: 'agent.send_message'
  params: {
    target_agent: number
    message_type: string
    data: unknown
    requires_response: boolean
  }
}

export interface ExecuteWorkflowRequest {
  method: 'workflow.execute'
  params: {
    workflow_id: string
    input_data?: unknown
    priority?: 'low' | 'normal' | 'high'
  }
}

export interface GetSystemStateRequest {
  method: 'system.get_state'
  params: {
    include_agents?: boolean
    include_workflows?: boolean
    include_performance?: boolean
  }
}

export interface StoreMemoryRequest {
  method: 'memory.store'
  params: {
    agent_number: number
    memory_type: string
    content: unknown
    ttl?: number
    tags?: string[]
  }
}

export interface QueryMemoryRequest {
  method: 'memory.query'
  params: {
    agent_number: number
    memory_type?: string
    tags?: string[]
    limit?: number
    since?: string
  }
}
