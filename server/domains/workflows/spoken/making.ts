import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import type { Reader } from '../../../kernel/store/store.ts'
import type { Impact } from '../../../../contract/system.ts'
import { sayLoss } from '../../changes/say.ts'
import { definitionOf, need } from '../crud.ts'
import { isProposal, propose, runOnce } from '../propose/index.ts'
import { momentOf } from '../propose/once.ts'
import type { Proposal } from '../propose/index.ts'
import { shortText } from '../propose/say.ts'
import { workflowStore } from '../store.ts'
import { nextDue } from '../triggers/schedule.ts'
import { noSuch, withNamed } from './course.ts'
import type { Asked, Command, Course, Sensitive, SpokenParts } from './course.ts'
import { workflowsNamed } from './names.ts'
import { NAME_CHARACTERS_MAX, firstRun, freeName } from './naming.ts'
import type { NamedWorkflow } from './names.ts'
import { reschedulingCommands } from './rescheduling.ts'
import { listed, quoted, sayWhen } from './say.ts'
import { sayStart } from './telling.ts'

const DESCRIPTION_CHARACTERS_MAX = 2_000
const UNCLEAR_MAX = 4
const OTHER_WORDS = 'Say it in other words, such as "every weekday at 8 list my reminders".'

/** "Make the briefing run every friday at 18:00", "run the briefing every 6 hours". */
const RUN_AT =
  /^(?:please )?(?:(?:make|let|have) (?<own>.{1,100}?) (?:run|start) (?<when>.{1,100})|(?:run|start) (?<own>.{1,100}?) (?<when>(?:every|each|daily|hourly|weekly|on weekdays?)\b.{0,100}))$/iu

/** "Every day at 9 run the link checker" */
const RUN_AFTER =
  /^(?:please )?(?<when>(?:every|each|daily|hourly|weekly|on|once)\b.{1,100}?),? (?:run|start|execute|launch) (?<own>(?!an? |some |\d)\S.{0,100})$/iu

/** Commands that make and switch workflows: each ends in an operation that needs proof. */
export function makingCommands(parts: SpokenParts): Readonly<Record<string, Command>> {
  const { reader } = parts.kernel.store
  const { reschedule_workflow: reschedule } = reschedulingCommands(parts)
  const switching = (is_active: boolean): Command =>
    withNamed(({ id }, asked) => {
      const row = need(reader, asked.user_id, id)
      const state = `${quoted(row.name)} is switched ${is_active ? 'on' : 'off'}`
      if ((row.is_active !== 0) === is_active) return { kind: 'say', text: `${state} already.` }
      const first = is_active ? firstRun(definitionOf(reader, row.version).trigger, asked) : ''
      const sensitive: Sensitive = {
        operation: 'workflows.update',
        input: { id, is_active },
        done: `${state}.${first}`,
      }
      return { kind: 'sensitive', sensitive }
    })
  return {
    create_workflow: (asked, workflows) => proposing({ ...parts, reschedule }, asked, workflows),
    delete_workflow: withNamed(async ({ id }, { user_id }) => {
      const row = need(reader, user_id, id)
      const names = new Map((await parts.agents.known(user_id)).map((one) => [one.agent_number, one.name]))
      const isOpen = workflowStore.openRuns(reader.connection, user_id, id).length > 0
      const stops = isOpen ? ' What runs of it is stopped.' : ''
      const agreed: Sensitive = {
        operation: 'workflows.delete',
        input: { id },
        done: `I have deleted ${quoted(row.name)}. Say “undo” to have it back.`,
      }
      const begins = sayStart(definitionOf(reader, row.version).trigger, names)
      const loss = lossOf(row.name, (await parts.foresee(user_id, id, undefined)).assessment.impact)
      const question = `Shall I delete ${quoted(row.name)}? ${begins}${stops}${loss === '' ? '' : ` ${loss}`}`
      return { kind: 'agree', question, agreed }
    }),
    rename_workflow: withNamed(({ id, name }, { parameters }) => {
      const to = shortText(
        String(parameters['to'])
          .replace(/^["'“](.*)["'”]$/u, '$1')
          .replace(/[.!?]+$/u, ''),
        NAME_CHARACTERS_MAX,
      )
      const done = `${quoted(name)} is called ${quoted(to)} now.`
      return {
        kind: 'sensitive',
        sensitive: { operation: 'workflows.update', input: { id, name: to }, done },
      }
    }),
    turn_on_workflow: switching(true),
    turn_off_workflow: switching(false),
  }
}

/**
 * What its deletion does beyond the workflow itself, whose start and runs are told besides. That what names it means
 * nothing then needs no telling.
 */
function lossOf(name: string, { triggers, problems }: Impact): string {
  const others = triggers.filter((one) => !one.endsWith(` of ${name} ends`))
  return sayLoss({ problems, triggers: others, routes: [], executions: [] })
}

async function proposing(
  {
    agents,
    validate,
    reschedule,
    kernel: {
      store: { reader },
    },
  }: SpokenParts & { reschedule: Command },
  asked: Asked,
  workflows: readonly NamedWorkflow[],
): Promise<Course> {
  const { user_id, now, time_zone, understand, bounds, parameters } = asked
  const said = String(parameters['request'])
  const { own = '', when = '' } = RUN_AT.exec(said)?.groups ?? RUN_AFTER.exec(said)?.groups ?? {}
  // One that is there is moved, and none made that would start it.
  if (workflowsNamed(own, workflows).length > 0)
    return reschedule({ ...asked, parameters: { workflow: own, when } }, workflows)
  const later = runOnce(said)
  if (later !== undefined) return runningOnce(later, { reader, validate }, asked, workflows)
  if (RUN_AFTER.test(said)) return noSuch(own, workflows)
  // What answers "What should it do?" is a workflow to be started by hand, unless it says when.
  const request = isProposal(said) ? said : `make a workflow: ${said}`
  const known = (await agents.known(user_id)).map((one) => [one.agent_number, one.name] as const)
  const context = { now, time_zone, understand, agents: new Map(known), ...(bounds && { bounds }) }
  const proposal = await propose(request, context)
  if (!('definition' in proposal))
    return again(`I cannot make that yet. ${sayUnclear(proposal.unclear)} ${OTHER_WORDS}`)
  const { trigger } = proposal.definition
  const taken = trigger.type === 'voice_command' ? await takenPhrase(trigger, asked) : undefined
  if (taken !== undefined) return again(taken)
  const { valid, errors } = await validate(user_id, proposal.definition)
  if (!valid) {
    const [first] = errors
    return again(`I cannot make that: ${first?.message ?? 'it would be refused'}. ${OTHER_WORDS}`)
  }
  const name = freeName(proposal.name, workflows)
  return { kind: 'agree', ...offer({ ...proposal, name }, said, asked) }
}

/** What a workflow does, once at another time: as another workflow that does the same then. */
async function runningOnce(
  { name, once }: NonNullable<ReturnType<typeof runOnce>>,
  { reader, validate }: Pick<SpokenParts, 'validate'> & { reader: Reader },
  asked: Asked,
  workflows: readonly NamedWorkflow[],
): Promise<Course> {
  const found = workflowsNamed(name, workflows)
  const [first] = found
  if (first === undefined) return noSuch(name, workflows)
  if (found.length > 1)
    return again(
      `Which one: ${listed(
        found.map((one) => quoted(one.name)),
        'or',
      )}? Say it with the time.`,
    )
  const at = momentOf(once, asked.text, asked)
  if (at === undefined) return again('That time has passed, or is none.')
  const { time_zone, now } = asked
  const trigger: WorkflowTrigger = { type: 'schedule', conditions: { at, timezone: time_zone } }
  const due = nextDue(trigger.conditions, { zone: time_zone, anchor: now }, now) ?? now
  const definition = { ...definitionOf(reader, need(reader, asked.user_id, first.id).version), trigger }
  const { valid, errors } = await validate(asked.user_id, definition)
  if (!valid)
    return { kind: 'say', text: `I cannot run it by itself: ${errors[0]?.message ?? 'it would be refused'}` }
  const called = freeName(`${shortText(first.name, NAME_CHARACTERS_MAX - 10)}, once`, workflows)
  const when = sayWhen(due, { now, time_zone })
  return {
    kind: 'agree',
    question: `Shall ${quoted(first.name)} run once, ${when}? What it does is kept as ${quoted(called)} for that.`,
    agreed: {
      operation: 'workflows.create',
      input: { name: called, description: shortText(asked.text, DESCRIPTION_CHARACTERS_MAX), definition },
      done: `${quoted(first.name)} runs ${when} as well.`,
    },
  }
}

function offer(proposal: Proposal, said: string, asked: Asked) {
  const { name, definition, explanation, impact, unclear } = proposal
  const left = unclear.length === 0 ? [] : [sayUnclear(unclear)]
  const ask =
    unclear.length === 0
      ? `Shall I make it, as ${quoted(name)}?`
      : `Shall I make ${quoted(name)} without that?`
  const agreed: Sensitive = {
    operation: 'workflows.create',
    input: { name, description: shortText(said, DESCRIPTION_CHARACTERS_MAX), definition },
    done: `I have made ${quoted(name)}.${firstRun(definition.trigger, asked)}`,
  }
  return { question: [...left, explanation, ...impact, ask].join(' '), proposal, agreed }
}

function again(text: string): Course {
  return { kind: 'say', text, followup: true }
}

/** What was not understood: sentences as they are, and words that were said in quotes. */
function sayUnclear(unclear: readonly string[]): string {
  const shown = unclear
    .slice(0, UNCLEAR_MAX)
    .map((one) => (one.endsWith('.') ? `This is not clear: ${one}` : `I did not understand ${quoted(one)}.`))
  const more = unclear.length - shown.length
  return [...shown, ...(more > 0 ? [`And ${more} more.`] : [])].join(' ')
}

/** Commands of the system win over phrases of workflows, so one that is the same would never start anything. */
async function takenPhrase(
  { conditions }: WorkflowTrigger,
  { understand }: Asked,
): Promise<string | undefined> {
  const phrase = String(conditions['phrase'])
  const found = await understand(phrase)
  if (found?.agent_number !== 0 || found.confidence < 1) return undefined
  const is = found.action === 'run_workflow' ? 'starts a workflow' : 'is a command'
  return `${quoted(phrase)} ${is} already: choose other words for it.`
}
