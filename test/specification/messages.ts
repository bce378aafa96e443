import type { MessageMethodFact, TypeFact } from './notation.ts'

/** The six methods of the message protocol with the fields of their `params`. */
export const messageMethods: readonly MessageMethodFact[] = [
  {
    method: 'agent.register',
    request: 'RegisterAgentRequest',
    params: [
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'name', type: 'string', optional: false },
      { name: 'capabilities', type: { array: 'string' }, optional: false },
      { name: 'voice_commands', type: { array: { ref: 'VoiceCommand' } }, optional: false },
      { name: 'config_schema', type: { ref: 'JSONSchema' }, optional: false },
    ],
  },
  {
    method: 'agent.send_message',
    request: 'SendMessageRequest',
    params: [
      { name: 'target_agent', type: 'number', optional: false },
      { name: 'message_type', type: 'string', optional: false },
      { name: 'data', type: 'any', optional: false },
      { name: 'requires_response', type: 'boolean', optional: false },
    ],
  },
  {
    method: 'workflow.execute',
    request: 'ExecuteWorkflowRequest',
    params: [
      { name: 'workflow_id', type: 'string', optional: false },
      { name: 'input_data', type: 'any', optional: true },
      { name: 'priority', type: { enum: ['low', 'normal', 'high'] }, optional: true },
    ],
  },
  {
    method: 'system.get_state',
    request: 'GetSystemStateRequest',
    params: [
      { name: 'include_agents', type: 'boolean', optional: true },
      { name: 'include_workflows', type: 'boolean', optional: true },
      { name: 'include_performance', type: 'boolean', optional: true },
    ],
  },
  {
    method: 'memory.store',
    request: 'StoreMemoryRequest',
    params: [
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'memory_type', type: 'string', optional: false },
      { name: 'content', type: 'any', optional: false },
      { name: 'ttl', type: 'number', optional: true },
      { name: 'tags', type: { array: 'string' }, optional: true },
    ],
  },
  {
    method: 'memory.query',
    request: 'QueryMemoryRequest',
    params: [
      { name: 'agent_number', type: 'number', optional: false },
      { name: 'memory_type', type: 'string', optional: true },
      { name: 'tags', type: { array: 'string' }, optional: true },
      { name: 'limit', type: 'number', optional: true },
      { name: 'since', type: 'string', optional: true },
    ],
  },
]

/** The interfaces of the specification's MCP chapter, in its order. */
export const messageTypes: readonly TypeFact[] = [
  {
    name: 'MCPMessage',
    fields: [
      { name: 'id', type: 'string', optional: false },
      { name: 'version', type: { literal: '1.0' }, optional: false },
      { name: 'type', type: { enum: ['request', 'response', 'notification', 'error'] }, optional: false },
      { name: 'method', type: 'string', optional: true },
      { name: 'params', type: 'object', optional: true },
      { name: 'result', type: 'any', optional: true },
      { name: 'error', type: { ref: 'MCPError' }, optional: true },
      { name: 'timestamp', type: 'string', optional: false },
      {
        name: 'source',
        type: {
          fields: [
            { name: 'agent_number', type: 'number', optional: false },
            { name: 'agent_id', type: 'string', optional: false },
          ],
        },
        optional: false,
      },
      {
        name: 'target',
        type: {
          fields: [
            { name: 'agent_number', type: 'number', optional: true },
            { name: 'agent_id', type: 'string', optional: true },
            { name: 'broadcast', type: 'boolean', optional: true },
          ],
        },
        optional: true,
      },
    ],
  },
  {
    name: 'MCPError',
    fields: [
      { name: 'code', type: 'number', optional: false },
      { name: 'message', type: 'string', optional: false },
      { name: 'data', type: 'any', optional: true },
    ],
  },
  ...messageMethods.map(({ method, request, params }): TypeFact => ({
    name: request,
    fields: [
      { name: 'method', type: { literal: method }, optional: false },
      { name: 'params', type: { fields: params }, optional: false },
    ],
  })),
]
