/** The chapter System Management API of the specification, copied by hand word for word; `any` is `unknown` here, which is stricter. */
import type { ArchitectureWorkflow } from './undefined.ts'

export interface SystemHealth {
  status: 'healthy' | 'degraded' | 'unhealthy'
  uptime: number
  version: string
  agents: {
    total: number
    active: number
    error: number
  }
  resources: {
    cpu_usage: number
    memory_usage: number
    disk_usage: number
    network_latency: number
  }
  external_services: ExternalServiceStatus[]
}

export interface ExternalServiceStatus {
  name: string
  status: 'online' | 'offline' | 'degraded'
  response_time: number
  last_check: string
}

export interface SystemArchitecture {
  agents: ArchitectureNode[]
  connections: ArchitectureConnection[]
  workflows: ArchitectureWorkflow[]
  mermaid_diagram: string
}

export interface ArchitectureNode {
  id: string
  agent_number: number
  name: string
  type: 'agent' | 'service' | 'external_api'
  status: 'active' | 'inactive' | 'error'
  position: { x: number; y: number }
  metadata: Record<string, unknown>
}

export interface ArchitectureConnection {
  id: string
  source: string
  target: string
  type: 'data_flow' | 'trigger' | 'dependency'
  status: 'active' | 'inactive'
  metadata: {
    frequency?: number
    last_used?: string
    data_volume?: number
  }
}

export interface SystemModification {
  id: string
  type: 'agent_config' | 'workflow_change' | 'system_setting' | 'architecture_change'
  description: string
  before_state: Record<string, unknown>
  after_state: Record<string, unknown>
  applied_by: string
  applied_at: string
  rollback_available: boolean
  impact_assessment: string
}
