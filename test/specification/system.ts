import type { TypeFact } from './notation.ts'

/** The interfaces of the specification's System Management API chapter, in its order. */
export const systemTypes: readonly TypeFact[] = [
  {
    name: 'SystemHealth',
    fields: [
      { name: 'status', type: { enum: ['healthy', 'degraded', 'unhealthy'] }, optional: false },
      { name: 'uptime', type: 'number', optional: false },
      { name: 'version', type: 'string', optional: false },
      {
        name: 'agents',
        type: {
          fields: [
            { name: 'total', type: 'number', optional: false },
            { name: 'active', type: 'number', optional: false },
            { name: 'error', type: 'number', optional: false },
          ],
        },
        optional: false,
      },
      {
        name: 'resources',
        type: {
          fields: [
            { name: 'cpu_usage', type: 'number', optional: false },
            { name: 'memory_usage', type: 'number', optional: false },
            { name: 'disk_usage', type: 'number', optional: false },
            { name: 'network_latency', type: 'number', optional: false },
          ],
        },
        optional: false,
      },
      { name: 'external_services', type: { array: { ref: 'ExternalServiceStatus' } }, optional: false },
    ],
  },
  {
    name: 'ExternalServiceStatus',
    fields: [
      { name: 'name', type: 'string', optional: false },
      { name: 'status', type: { enum: ['online', 'offline', 'degraded'] }, optional: false },
      { name: 'response_time', type: 'number', optional: false },
      { name: 'last_check', type: 'string', optional: false },
    ],
  },
  {
    name: 'SystemArchitecture',
    fields: [
      { name: 'agents', type: { array: { ref: 'ArchitectureNode' } }, optional: false },
      { name: 'connections', type: { array: { ref: 'ArchitectureConnection' } }, optional: false },
      { name: 'workflows', type: { array: { ref: 'ArchitectureWorkflow' } }, optional: false },
      { name: 'mermaid_diagram', type: 'string', optional: false },
    ],
  },
  {
    name: 'ArchitectureNode',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'name', type: 'string', optional: false },
      { name: 'type', type: { enum: ['agent', 'service', 'external_api'] }, optional: false },
      { name: 'status', type: { enum: ['active', 'inactive', 'error'] }, optional: false },
      {
        name: 'position',
        type: {
          fields: [
            { name: 'x', type: 'number', optional: false },
            { name: 'y', type: 'number', optional: false },
          ],
        },
        optional: false,
      },
      { name: 'metadata', type: 'object', optional: false },
    ],
  },
  {
    name: 'ArchitectureConnection',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'source', type: 'string', optional: false },
      { name: 'target', type: 'string', optional: false },
      { name: 'type', type: { enum: ['data_flow', 'trigger', 'dependency'] }, optional: false },
      { name: 'status', type: { enum: ['active', 'inactive'] }, optional: false },
      {
        name: 'metadata',
        type: {
          fields: [
            { name: 'frequency', type: 'number', optional: true },
            { name: 'last_used', type: 'string', optional: true },
            { name: 'data_volume', type: 'number', optional: true },
          ],
        },
        optional: false,
      },
    ],
  },
  {
    name: 'SystemModification',
    fields: [
      { name: 'id', type: 'string', optional: false },
      {
        name: 'type',
        type: { enum: ['agent_config', 'workflow_change', 'system_setting', 'architecture_change'] },
        optional: false,
      },
      { name: 'description', type: 'string', optional: false },
      { name: 'before_state', type: 'object', optional: false },
      { name: 'after_state', type: 'object', optional: false },
      { name: 'applied_by', type: 'string', optional: false },
      { name: 'applied_at', type: 'string', optional: false },
      { name: 'rollback_available', type: 'boolean', optional: false },
      { name: 'impact_assessment', type: 'string', optional: false },
    ],
  },
]
