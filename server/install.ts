import { openAlarms } from './domains/agents/alarms.ts'
import { openChecks } from './domains/agents/checks.ts'
import { bindNet } from './domains/egress/capabilities.ts'
import { bindFiles } from './domains/files/capabilities.ts'
import { bindMemory } from './domains/memory/capabilities.ts'
import { sourceOfCommand } from './domains/workflows/engine/command.ts'
import { isPeriod } from './domains/workflows/spoken/period.ts'
import { concierge } from './skills/concierge/index.ts'
import { data } from './skills/data/index.ts'
import { isAggregation, isAmount, isData, isExpression, isUnit } from './skills/data/slots.ts'
import { fetcher } from './skills/fetcher/index.ts'
import { isAddress } from './skills/fetcher/slots.ts'
import { guardian } from './skills/guardian/index.ts'
import { notes } from './skills/notes/index.ts'
import { DOING } from './skills/integrations/index.ts'
import { REMINDERS } from './skills/reminders/record.ts'
import { reminders } from './skills/reminders/index.ts'
import { ring } from './skills/reminders/ring.ts'
import { tasks } from './skills/tasks/index.ts'
import { isItems, isName, isPriority, isTable, isTitle } from './skills/tasks/slots.ts'
import { text } from './skills/text/index.ts'
import { isPassage } from './skills/text/slots.ts'
import { watcher } from './skills/watcher/index.ts'
import type { Vault } from './domains/vault/index.ts'
import type { AuditReader } from './domains/audit/index.ts'
import type { Agents } from './domains/agents/index.ts'
import type { Grant } from './domains/agents/skills.ts'
import type { Auth } from './domains/auth/index.ts'
import type { Backups } from './domains/backup/index.ts'
import type { Egress } from './domains/egress/index.ts'
import type { Language } from './domains/language/index.ts'
import type { Memories } from './domains/memory/index.ts'
import type { Notifications } from './domains/notifications/index.ts'
import type { Kernel } from './kernel/kernel.ts'
import type { MemorySource } from '../contract/agents.ts'

/** How slots that belong to skills are recognised in what is said. */
export const ACCEPTS = {
  expression: isExpression,
  unit: isUnit,
  amount: isAmount,
  data: isData,
  aggregation: isAggregation,
  passage: isPassage,
  items: isItems,
  name: isName,
  title: isTitle,
  priority: isPriority,
  table: isTable,
  address: isAddress,
  period: isPeriod,
}

/** How integrations are performed. */
export const PERFORMING = DOING

/** Every skill that a new user's agents have. */
export const SKILLS = [concierge, notes, reminders, tasks, data, text, watcher, fetcher, guardian]

interface Parts {
  kernel: Kernel
  auth: Auth
  audit: AuditReader
  backup: Pick<Backups, 'bind'>
  egress: Egress
  notifications: Notifications
  vault: Pick<Vault, 'lend' | 'bindExpiry'>
  memory: Memories
  agents: Agents
  language: Language
  zoneOf: (user_id: string) => string
}

/** Gives every skill the capabilities that it names, from the domains that have them. */
export function installSkills(parts: Parts): void {
  const { kernel, auth, audit, backup, egress, notifications, vault, memory, agents, language, zoneOf } =
    parts
  const alarms = openAlarms(
    kernel,
    { memory, notifications },
    { collection: REMINDERS, group: 'waiting', ring },
  )
  const checks = openChecks(kernel, {
    memory,
    notifications,
    zoneOf,
    skills: agents.skills,
    budgets: agents.budgets,
    usage: agents.usage,
  })
  const net = bindNet(egress)
  for (const skill of SKILLS) memory.keep(skill)
  agents.skills.install(SKILLS, {
    clock: ({ now, time_zone }) => ({ now, time_zone }),
    records: memory.bindRecords,
    memory: (grant) => bindMemory({ ...grant, source: sourceOf(grant) }),
    alarms,
    guide: language.guide,
    worker: agents.bindWorker,
    remote: agents.bindRemote,
    net: ({ owner: { user_id, agent_id }, signal, meter, command }) =>
      net({
        user_id,
        signal,
        key: keyOf(command),
        lend: (use) =>
          vault.lend({ user_id, agent_id, ...use, lent: (service) => meter.use(`credential:${service}`) }),
        before: ({ host }) => meter.call(`http:${host}`),
        measured: (bytes, host) => meter.add({ bytes }, `http:${host}`),
      }),
    files: bindFiles(kernel.settings, auth.isOwner),
    checks,
    guard: audit.bindGuard,
    credentials: vault.bindExpiry,
    backups: backup.bind,
  })
}

/** What a step of a workflow sends carries the step's key, `run/step`: another attempt at it is a repetition. */
function keyOf(command: Grant['command']): string | undefined {
  return command?.context?.['workflow'] === undefined ? undefined : command.request_id
}

/** On whose behalf a skill remembers: what others say, also through a workflow, is believed less than its user. */
function sourceOf({ command }: Grant): MemorySource {
  const from: unknown = command?.context?.['from_agent']
  if (typeof from === 'number' && from > 0) return { kind: 'agent', name: `agent ${from}` }
  return (command && sourceOfCommand(command)) ?? { kind: 'user' }
}
