/** The five names that the specification uses and never defines, as the project has decided them. */

export interface NotificationSettings {
  in_app: boolean
  push: boolean
  email: boolean
  sound: boolean
  quiet_hours?: { start: string; end: string; timezone: string }
  min_severity: 'info' | 'warning' | 'critical'
}

export interface VoiceCommand {
  phrase: string
  action: string
  parameters?: Record<string, unknown>
  language?: string
  examples?: string[]
}

/** Each type of service adds fields of its own. */
export interface ExternalIntegration {
  id: string
  name: string
  type: 'http' | 'mcp' | 'webhook' | 'llm'
  credential_id?: string
  allowed_hosts: string[]
  enabled: boolean
  [of_its_type: string]: unknown
}

export interface ArchitectureWorkflow {
  id: string
  name: string
  is_active: boolean
  trigger_type: string
  steps: { id: string; agent_number: number }[]
  last_executed: string | null
  success_rate: number
}

export type JSONSchema = Record<string, unknown> | boolean
