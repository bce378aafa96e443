import type { WorkflowStep } from '../../../contract/workflows.ts'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import type { CapabilityName } from '../../skills/capabilities.ts'

/** Built-in services, by the ids of their nodes. Each is shown while something of the user's uses it. */
export const SERVICES: Readonly<Record<string, string>> = {
  'service:memory': 'Memory',
  'service:notifications': 'Notifications',
  'service:language': 'Language',
  'service:egress': 'Internet access',
  'service:files': 'Files',
  'service:audit': 'Audit',
  'service:schedules': 'Schedules',
  'service:webhooks': 'Webhooks',
  'service:voice': 'Voice',
}

/** What stands behind the capabilities of skills; those that are not here are part of the agent itself. */
export const BY_CAPABILITY: Partial<Record<CapabilityName, string>> = {
  memory: 'service:memory',
  records: 'service:memory',
  alarms: 'service:notifications',
  checks: 'service:notifications',
  guide: 'service:language',
  net: 'service:egress',
  files: 'service:files',
  guard: 'service:audit',
}

/** What starts workflows; what agents and people start has no service. */
export const BY_TRIGGER: Partial<Record<WorkflowTrigger['type'], string>> = {
  schedule: 'service:schedules',
  webhook: 'service:webhooks',
  voice_command: 'service:voice',
}

/** The service that performs a step of the workflow itself, if it does more than hand on what it is given. */
export function serviceOf({ action }: Pick<WorkflowStep, 'action'>): string | undefined {
  return action === 'notify' || action === 'wait_for_approval' ? 'service:notifications' : undefined
}
