import { MIGRATIONS } from './migrations.ts'
import type { SystemConfig } from '../contract/system.ts'
import { openAgents } from './domains/agents/index.ts'
import type { Limits } from './domains/agents/executions.ts'
import type { Agents } from './domains/agents/index.ts'
import type { Mail } from './domains/agents/messages/mail.ts'
import { openArchitecture } from './domains/architecture/index.ts'
import type { Architecture } from './domains/architecture/index.ts'
import { openApprovals } from './domains/approvals/index.ts'
import { openAudit } from './domains/audit/index.ts'
import { openAuth } from './domains/auth/index.ts'
import type { Auth, AuthOptions } from './domains/auth/index.ts'
import { openChanges } from './domains/changes/index.ts'
import { openAccount } from './domains/account/index.ts'
import type { Backups } from './domains/backup/index.ts'
import type { Changes } from './domains/changes/index.ts'
import { openPast } from './domains/changes/past.ts'
import type { EgressOptions } from './domains/egress/index.ts'
import { findPhraseProblem } from './domains/language/template.ts'
import { openLanguage } from './domains/language/index.ts'
import type { Language } from './domains/language/index.ts'
import type { Memories } from './domains/memory/index.ts'
import type { Notifications } from './domains/notifications/index.ts'
import { openRetention } from './domains/retention/index.ts'
import { openSettings } from './domains/settings/index.ts'
import type { Settings } from './domains/settings/index.ts'
import { openGauge } from './domains/measures/gauge.ts'
import { openMeasures } from './domains/measures/index.ts'
import type { Measures } from './domains/measures/index.ts'
import type { Speech } from './domains/speech/index.ts'
import { openSystem } from './domains/system/index.ts'
import type { Vault } from './domains/vault/index.ts'
import { openVoice } from './domains/voice/index.ts'
import type { Voice } from './domains/voice/index.ts'
import type { RunLimits } from './domains/workflows/engine/index.ts'
import { openWorkflows } from './domains/workflows/index.ts'
import type { Workflows } from './domains/workflows/index.ts'
import { openBackups, settleRestored } from './backups.ts'
import { askOnBehalf } from './behalf.ts'
import { openServices } from './services.ts'
import { chargeStart, openLimits, recallStarts } from './quotas.ts'
import { openEntry } from './entry.ts'
import type { Entry } from './entry.ts'
import { ACCEPTS, installSkills } from './install.ts'
import type { Answers } from './kernel/answers.ts'
import type { Limits as CallLimits } from './kernel/limits.ts'
import type { LimitBounds } from './kernel/limits.ts'
import { logOf } from './kernel/log.ts'
import type { LogFiles } from './kernel/logs/files.ts'
import { eraseUser } from './kernel/store/erase.ts'
import { system as systemSkill } from './skills/system/index.ts'
import { openKernel } from './kernel/kernel.ts'
import type { Kernel, KernelOptions } from './kernel/kernel.ts'
import { openDispatch } from './transports/dispatch.ts'
import type { SlotBounds } from './transports/dispatch/slots.ts'
import { httpAnswers } from './transports/http/operations.ts'
import { connectionAnswers } from './transports/socket/operations.ts'
import type { Dispatch } from './transports/dispatch.ts'

export interface AppOptions extends Pick<
  KernelOptions,
  'settings' | 'keys' | 'clock' | 'random' | 'log' | 'syncer' | 'onFatal'
> {
  version: string
  /** IANA zone of users who have not said theirs. */
  server_zone: string
  /** Bounds; the decided ones unless given. No setting switches them off. */
  limits?: Partial<Limits & RunLimits> & AuthOptions & Partial<LimitBounds & SlotBounds>
  /** Milliseconds of a round trip to the own listener, for health. */
  latency: () => Promise<number>
  /** The files that the log goes to, when it goes to any. */
  logs?: LogFiles
  /** How names are resolved, and the bounds of what goes out; the decided ones unless given. */
  egress?: EgressOptions
  /** Where the recogniser of speech is looked for; where systems have it unless given. */
  recogniser?: { libraries: readonly string[]; models: readonly string[] } | undefined
  /** Settings of backups that hold whatever the owner says. */
  backups?: Partial<SystemConfig['backups']>
}

export interface App {
  /** The answers of all operations that have one, by name. */
  readonly answers: Answers
  readonly kernel: Kernel
  readonly auth: Auth
  readonly backup: Backups
  readonly vault: Vault
  readonly agents: Agents
  readonly workflows: Workflows
  readonly changes: Changes
  readonly architecture: Architecture
  readonly measures: Measures
  readonly language: Language
  readonly speech: Speech
  readonly dispatch: Dispatch
  /** What a transport of sockets needs besides dispatch. */
  readonly doors: {
    auth: Entry
    mail: Mail
    events: Kernel['events']
    id: Kernel['id']
    architecture: Pick<Architecture, 'follow'>
    voice: Voice['listening']
  }
  /** Has it do each day what it does by itself: once it is sure that it serves. */
  begin(): Promise<void>
  /** Refuses new calls, lets running work end within `grace_ms`, and lets go of the data folder. */
  close(grace_ms: number): Promise<void>
}

/**
 * Opens the domains in order. Each gets the kernel and the earlier domains that it names: these lines are the
 * architecture.
 */
async function openDomains(options: AppOptions) {
  const { limits, server_zone } = options
  const ground = await openGround(options)
  const { gauge, kernel, as, auth, zoneOf, changes, serverSettings } = ground
  const approvals = openApprovals(as('approvals'), {
    changes,
    callerOf: (user_id, session_id) => entry.callerOf(user_id, session_id),
  })
  const audit = openAudit(as('audit'), {
    auth,
    remoteAgents: (user_id) => Promise.resolve(agents.registry.count(user_id)),
  })
  const services = openServices(ground, options, { agents: () => agents, workflows: () => workflows })
  const { egress, notifications, vault, workers, integrations, memory, speech } = services
  const agents = await openAgents(as('agents'), {
    ...ground,
    kept: vault.kept,
    memory,
    integrations,
    limits,
    workers,
    behind: auth.behind,
  })
  const calls = openLimits(kernel, auth, limits)
  const workflows = openWorkflows(as('workflows'), {
    changes,
    notifications,
    agents,
    vault,
    zoneOf,
    limits,
    charge: (user_id, chained) => chargeStart(auth, calls, user_id, chained),
    findPhraseProblem,
  })
  const architecture = openArchitecture(kernel, {
    changes,
    agents,
    workflows,
    past: openPast(kernel),
    services: integrations.services,
  })
  const language = openLanguage(as('language'), { ...SAYABLE, agents, memory, workflows: workflows.spoken })
  const measures = openMeasures(as('measures'), { ...options, agents, egress, gauge, auth, serverSettings })
  const system = openSystem(as('system'), { ...options, auth, integrations, agents, workflows, measures })
  const spoken = { auth, agents, changes, workflows, language, speech, system, server_zone }
  const voice = openVoice(as('voice'), spoken)
  const entry = openEntry(auth, agents, workflows)
  const kept = { ...ground, notifications, workflows, agents, voice }
  const { backup, retention } = openKeeping(as, options, kept)
  const domains = {
    ...ground,
    ...services,
    entry,
    retention,
    approvals,
    audit,
    backup,
    agents,
    calls,
    workflows,
    architecture,
    language,
    measures,
    system,
    voice,
  }
  installSkills(domains)
  return domains
}

/** What all domains stand on. */
async function openGround(options: AppOptions) {
  const { settings, clock, limits, server_zone } = options
  const gauge = openGauge(settings.data_dir, clock)
  const kernel = openKernel({ ...options, refuseWrites: gauge.diskRefusal, migrations: MIGRATIONS })
  /** The kernel, whose log names the part that writes. */
  const as = (source: string): Kernel => ({ ...kernel, log: logOf(kernel.log, source) })
  const auth = await openAuth(as('auth'), {
    ...limits,
    software_passkeys: () => serverSettings.read().software_passkeys,
  })
  const zoneOf = (user_id: string) => auth.zoneOf(user_id) ?? server_zone
  const changes = openChanges(as('changes'))
  const serverSettings = openSettings(as('settings'), { changes, auth })
  return { gauge, kernel, as, auth, zoneOf, changes, serverSettings }
}

export type Ground = Awaited<ReturnType<typeof openGround>>

interface KeepingParts {
  auth: Auth
  notifications: Notifications
  serverSettings: Settings
  changes: Changes
  workflows: Pick<Workflows, 'sweeps' | 'outdated'>
  agents: Pick<Agents, 'sweeps' | 'outdated'>
  voice: Pick<Voice, 'sweeps' | 'outdated'>
}

/** What keeps the data, and what lets go of it. */
function openKeeping(as: (source: string) => Kernel, options: AppOptions, parts: KeepingParts) {
  const { serverSettings, workflows, agents, voice, changes } = parts
  const retention = openRetention(as('retention'), {
    settings: serverSettings.read,
    sweeps: { ...workflows.sweeps, ...agents.sweeps, ...voice.sweeps },
    outdated: { ...workflows.outdated, ...agents.outdated, ...voice.outdated },
    changes,
  })
  return { retention, backup: openBackups(as('backup'), { ...options, ...parts, migrations: MIGRATIONS }) }
}

/** Opens the domains, and the one way in to them. */
export async function openApp(options: AppOptions): Promise<App> {
  const domains = await openDomains(options)
  const { kernel, auth, entry, approvals, agents, workflows, changes, measures, language, voice } = domains
  recallStarts(kernel, auth, domains)
  followUsers(kernel, domains)
  auth.onZone((tx, user_id, zone = options.server_zone) => workflows.triggers.rezone(tx, user_id, zone))
  const answers = answersOf(domains)
  const dispatch = openDispatch({
    kernel,
    answers,
    authenticate: entry.authenticate,
    proofs: auth.proofs,
    limits: domains.calls,
    slots: options.limits ?? {},
    measured: measures.request,
    approvals,
  })
  approvals.performWith(dispatch.perform)
  voice.askWith(askOnBehalf(dispatch))
  await changes.begin()
  await settleRestored(kernel, domains)
  await workflows.takeUp()
  // Last: what was left begins at once, and whoever opens the app may have skills of their own to install first.
  await agents.start()
  return {
    answers,
    kernel,
    auth,
    backup: domains.backup,
    vault: domains.vault,
    agents,
    workflows,
    changes,
    architecture: domains.architecture,
    measures,
    language,
    speech: domains.speech,
    dispatch,
    doors: {
      auth: entry,
      mail: agents.mail,
      events: kernel.events,
      id: kernel.id,
      architecture: domains.architecture,
      voice: voice.listening,
    },
    begin: async () => {
      await domains.backup.start()
      await domains.retention.start()
      await domains.vault.begin()
    },
    close: async (grace_ms) => {
      dispatch.close()
      workflows.drain()
      const backups = domains.backup.close()
      await kernel.jobs.stop(grace_ms)
      await Promise.all([backups, measures.stop()])
      voice.close()
      await Promise.all([language.close(), domains.speech.close()])
      await Promise.all([domains.workers.close(), domains.egress.close(), domains.audit.close()])
      domains.memory.close()
      await kernel.close()
    },
  }
}

/** The answers of all operations. */
function answersOf(domains: Awaited<ReturnType<typeof openDomains>>): Answers {
  const { kernel, auth, approvals, agents, workflows, changes, measures, voice } = domains
  return {
    ...auth.answers,
    ...changes.answers,
    ...domains.serverSettings.answers,
    ...approvals.answers,
    ...domains.notifications.answers,
    ...domains.vault.answers,
    ...domains.integrations.answers,
    ...agents.answers,
    ...workflows.answers,
    ...domains.architecture.answers,
    ...voice.answers,
    ...measures.answers,
    ...domains.system.answers,
    ...openAccount(kernel, { auth, agents, workflows, memory: domains.memory }),
    ...httpAnswers,
    ...connectionAnswers({
      user: auth.user,
      agent: agents.refer,
      events: kernel.events,
      listen: voice.listening.begin,
    }),
  }
}

interface UserParts {
  auth: Auth
  notifications: Notifications
  memory: Memories
  agents: Agents
  calls: CallLimits
  measures: Measures
  vault: Vault
  voice: Voice
  speech: Speech
}

/** What comes and goes with a user, and how a user is told of their account. */
function followUsers(
  kernel: Kernel,
  { auth, notifications, memory, agents, calls, measures, vault, voice, speech }: UserParts,
): void {
  auth.onNotice(async (tx, user_id, notice) => {
    await notifications.notify(tx, user_id, { source_agent: 0, severity: 'warning', text: notice })
  })
  auth.onUserCreated((tx, user) => agents.seed(tx, user.id))
  auth.onUserRemoved(async (tx, user_id) => {
    kernel.jobs.cancelAll(tx, user_id)
    agents.registry.endAll(tx, user_id)
    await memory.forget(tx, user_id)
    eraseUser(tx.connection, user_id)
    tx.afterCommit(() => vault.forget(user_id))
    tx.afterCommit(() => calls.forget(user_id))
    tx.afterCommit(() => measures.forget(user_id))
    tx.afterCommit(() => voice.forget(user_id))
    tx.afterCommit(() => speech.forget())
  })
}

/** What can be said to the system itself, and what slots of the skills' own types take. */
const SAYABLE = { system: systemSkill, accepts: ACCEPTS }
