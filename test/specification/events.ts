import type { CallFact, EventFact } from './notation.ts'

/** The five events of the connection itself, with the arguments that their listeners receive. */
export const connectionEvents: readonly CallFact[] = [
  { name: 'connect', args: [] },
  { name: 'disconnect', args: [{ name: 'reason', type: 'string', optional: false }] },
  { name: 'error', args: [{ name: 'error', type: { ref: 'Error' }, optional: false }] },
  { name: 'authenticated', args: [{ name: 'user', type: { ref: 'User' }, optional: false }] },
  { name: 'unauthorized', args: [{ name: 'error', type: 'string', optional: false }] },
]

/** The fifteen events that the server sends; each carries one object, whose fields stand here. */
export const serverEvents: readonly EventFact[] = [
  {
    name: 'agent:status_changed',
    fields: [
      { name: 'agent_id', type: 'string', optional: false },
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'old_status', type: { ref: 'AgentStatus' }, optional: false },
      { name: 'new_status', type: { ref: 'AgentStatus' }, optional: false },
    ],
  },
  {
    name: 'agent:execution_started',
    fields: [
      { name: 'agent_id', type: 'string', optional: false },
      { name: 'execution_id', type: 'string', optional: false },
      { name: 'command', type: { ref: 'AgentCommand' }, optional: false },
    ],
  },
  {
    name: 'agent:execution_completed',
    fields: [
      { name: 'agent_id', type: 'string', optional: false },
      { name: 'execution_id', type: 'string', optional: false },
      { name: 'result', type: { ref: 'AgentResponse' }, optional: false },
      { name: 'duration', type: 'number', optional: false },
    ],
  },
  {
    name: 'agent:error',
    fields: [
      { name: 'agent_id', type: 'string', optional: false },
      { name: 'error', type: 'string', optional: false },
      { name: 'context', type: 'object', optional: true },
    ],
  },
  {
    name: 'voice:command_received',
    fields: [
      { name: 'text', type: 'string', optional: false },
      { name: 'confidence', type: 'number', optional: false },
      { name: 'language', type: 'string', optional: false },
    ],
  },
  {
    name: 'voice:processing',
    fields: [
      {
        name: 'status',
        type: { enum: ['transcribing', 'analyzing', 'routing', 'executing'] },
        optional: false,
      },
      { name: 'progress', type: 'number', optional: true },
    ],
  },
  {
    name: 'voice:response_ready',
    fields: [
      { name: 'text', type: 'string', optional: false },
      { name: 'audio_url', type: 'string', optional: true },
      { name: 'agent_response', type: { ref: 'AgentResponse' }, optional: true },
    ],
  },
  {
    name: 'system:architecture_updated',
    fields: [
      { name: 'changes', type: { array: { ref: 'SystemModification' } }, optional: false },
      { name: 'new_architecture', type: { ref: 'SystemArchitecture' }, optional: false },
    ],
  },
  {
    name: 'system:performance_alert',
    fields: [
      {
        name: 'alert_type',
        type: { enum: ['high_cpu', 'high_memory', 'slow_response', 'agent_error'] },
        optional: false,
      },
      { name: 'severity', type: { enum: ['warning', 'critical'] }, optional: false },
      { name: 'details', type: 'object', optional: false },
    ],
  },
  {
    name: 'system:health_changed',
    fields: [
      { name: 'old_health', type: { ref: 'SystemHealth' }, optional: false },
      { name: 'new_health', type: { ref: 'SystemHealth' }, optional: false },
    ],
  },
  {
    name: 'workflow:triggered',
    fields: [
      { name: 'workflow_id', type: 'string', optional: false },
      { name: 'trigger_source', type: 'string', optional: false },
      { name: 'execution_id', type: 'string', optional: false },
    ],
  },
  {
    name: 'workflow:step_completed',
    fields: [
      { name: 'workflow_id', type: 'string', optional: false },
      { name: 'execution_id', type: 'string', optional: false },
      { name: 'step_id', type: 'string', optional: false },
      { name: 'result', type: 'any', optional: false },
    ],
  },
  {
    name: 'workflow:completed',
    fields: [
      { name: 'workflow_id', type: 'string', optional: false },
      { name: 'execution_id', type: 'string', optional: false },
      { name: 'success', type: 'boolean', optional: false },
      { name: 'duration', type: 'number', optional: false },
      { name: 'results', type: 'object', optional: false },
    ],
  },
  {
    name: 'agent:message',
    fields: [
      { name: 'from_agent', type: 'number', optional: false },
      { name: 'to_agent', type: 'number', optional: false },
      { name: 'message_type', type: 'string', optional: false },
      { name: 'data', type: 'any', optional: false },
      { name: 'timestamp', type: 'string', optional: false },
    ],
  },
  {
    name: 'agent:broadcast',
    fields: [
      { name: 'from_agent', type: 'number', optional: false },
      { name: 'message_type', type: 'string', optional: false },
      { name: 'data', type: 'any', optional: false },
      { name: 'target_agents', type: { array: 'number' }, optional: true },
    ],
  },
]

/** The nine events that a client sends, with their positional arguments. */
export const clientEvents: readonly CallFact[] = [
  { name: 'agent:subscribe', args: [{ name: 'agent_id', type: 'string', optional: false }] },
  { name: 'agent:unsubscribe', args: [{ name: 'agent_id', type: 'string', optional: false }] },
  {
    name: 'voice:command',
    args: [{ name: 'data', type: { ref: 'VoiceProcessingRequest' }, optional: false }],
  },
  { name: 'voice:stop_listening', args: [] },
  {
    name: 'system:modify',
    args: [{ name: 'modification', type: { ref: 'SystemModification' }, optional: false }],
  },
  { name: 'system:subscribe_architecture', args: [] },
  {
    name: 'agent:execute',
    args: [
      {
        name: 'data',
        type: {
          fields: [
            { name: 'agent_id', type: 'string', optional: false },
            { name: 'command', type: { ref: 'AgentCommand' }, optional: false },
          ],
        },
        optional: false,
      },
    ],
  },
  {
    name: 'workflow:execute',
    args: [
      { name: 'workflow_id', type: 'string', optional: false },
      { name: 'data', type: 'any', optional: true },
    ],
  },
  { name: 'workflow:stop', args: [{ name: 'execution_id', type: 'string', optional: false }] },
]
