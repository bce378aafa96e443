import type { TypeFact } from './notation.ts'

/** The interfaces of the specification's Agent Management API chapter, in its order. */
export const agentsTypes: readonly TypeFact[] = [
  {
    name: 'Agent',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'user_id', type: 'string', optional: false },
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'name', type: 'string', optional: false },
      { name: 'description', type: 'string', optional: false },
      { name: 'config', type: { ref: 'AgentConfig' }, optional: false },
      { name: 'status', type: { ref: 'AgentStatus' }, optional: false },
      { name: 'is_active', type: 'boolean', optional: false },
      { name: 'voice_enabled', type: 'boolean', optional: false },
      { name: 'created_at', type: 'string', optional: false },
      { name: 'updated_at', type: 'string', optional: false },
      { name: 'last_execution', type: 'string|null', optional: false },
      { name: 'execution_count', type: 'number', optional: false },
      { name: 'average_execution_time', type: 'number', optional: false },
    ],
  },
  {
    name: 'AgentConfig',
    fields: [
      { name: 'api_keys', type: 'string-map', optional: false },
      { name: 'preferences', type: 'object', optional: false },
      { name: 'workflow_triggers', type: { array: { ref: 'WorkflowTrigger' } }, optional: false },
      { name: 'voice_commands', type: { array: { ref: 'VoiceCommand' } }, optional: false },
      { name: 'external_integrations', type: { array: { ref: 'ExternalIntegration' } }, optional: false },
    ],
  },
  {
    name: 'AgentStatus',
    fields: [
      { name: 'state', type: { enum: ['idle', 'executing', 'error', 'disabled'] }, optional: false },
      { name: 'last_error', type: 'string|null', optional: false },
      { name: 'health_score', type: 'number', optional: false },
      { name: 'resource_usage', type: { ref: 'ResourceUsage' }, optional: false },
    ],
  },
  {
    name: 'ResourceUsage',
    fields: [
      { name: 'cpu_usage', type: 'number', optional: false },
      { name: 'memory_usage', type: 'number', optional: false },
      { name: 'api_calls_per_minute', type: 'number', optional: false },
      { name: 'network_usage', type: 'number', optional: false },
    ],
  },
  {
    name: 'AgentCommand',
    fields: [
      { name: 'action', type: 'string', optional: false },
      { name: 'parameters', type: 'object', optional: false },
      { name: 'context', type: 'object', optional: true },
      { name: 'user_id', type: 'string', optional: false },
      { name: 'request_id', type: 'string', optional: false },
      { name: 'voice_input', type: 'boolean', optional: true },
      { name: 'priority', type: { enum: ['low', 'normal', 'high'] }, optional: false },
    ],
  },
  {
    name: 'AgentResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      { name: 'data', type: 'any', optional: true },
      { name: 'error', type: 'string', optional: true },
      {
        name: 'metadata',
        type: {
          fields: [
            { name: 'execution_time', type: 'number', optional: false },
            { name: 'resources_used', type: { array: 'string' }, optional: false },
            { name: 'next_suggested_actions', type: { array: 'string' }, optional: true },
            { name: 'workflow_triggered', type: { array: 'string' }, optional: true },
          ],
        },
        optional: false,
      },
    ],
  },
  {
    name: 'AgentsListResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      {
        name: 'data',
        type: {
          fields: [
            { name: 'agents', type: { array: { ref: 'Agent' } }, optional: false },
            { name: 'total_count', type: 'number', optional: false },
            { name: 'active_count', type: 'number', optional: false },
          ],
        },
        optional: false,
      },
    ],
  },
  {
    name: 'ExecuteAgentRequest',
    fields: [
      { name: 'command', type: { ref: 'AgentCommand' }, optional: false },
      { name: 'wait_for_completion', type: 'boolean', optional: true },
      { name: 'timeout_ms', type: 'number', optional: true },
    ],
  },
  {
    name: 'ExecuteAgentResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      {
        name: 'data',
        type: {
          fields: [
            { name: 'execution_id', type: 'string', optional: false },
            { name: 'result', type: { ref: 'AgentResponse' }, optional: true },
            {
              name: 'status',
              type: { enum: ['queued', 'executing', 'completed', 'failed'] },
              optional: false,
            },
          ],
        },
        optional: false,
      },
    ],
  },
  {
    name: 'VoiceCommandRequest',
    fields: [
      { name: 'audio_data', type: 'string', optional: true },
      { name: 'text_input', type: 'string', optional: true },
      { name: 'language', type: 'string', optional: true },
      { name: 'context', type: 'object', optional: true },
    ],
  },
  {
    name: 'VoiceCommandResponse',
    fields: [
      { name: 'success', type: 'boolean', optional: false },
      {
        name: 'data',
        type: {
          fields: [
            { name: 'transcribed_text', type: 'string', optional: false },
            { name: 'command_understood', type: 'boolean', optional: false },
            { name: 'agent_response', type: { ref: 'AgentResponse' }, optional: false },
            { name: 'voice_response', type: 'string', optional: true },
          ],
        },
        optional: false,
      },
    ],
  },
]
