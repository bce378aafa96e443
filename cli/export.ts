import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Operations } from '../contract/index.ts'
import type { Output } from '../contract/operation.ts'
import { pack } from '../server/kernel/backup/tar.ts'
import { requireSignedIn } from './context.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { toCsv, toMarkdown } from './export/open-formats.ts'
import { oneLine } from './print.ts'
import { allWorkflows } from './workflows.ts'

type Agent = Output<Operations['agents.list']>['agents'][number]
type Workflow = Output<Operations['workflows.list']>['workflows'][number]
type Memory = Output<Operations['agents.memory_export']>['memories'][number]

/** Entries of a page. */
const LIMIT = 200

/** Writes everything of the user into one archive of files in open formats. Secrets are never in it. */
export async function exportAccount(context: Context, options: { to: string }): Promise<Answer> {
  await requireSignedIn(context)
  const file = resolve(options.to)
  if (existsSync(file)) throw new Stop(EXIT.usage, `There is a file ${oneLine(file)} already.`)
  const files = await collect(context)
  await write(file, files, context.io.now())
  const counts = Object.fromEntries(files.map(({ path, count }) => [path, count]))
  const text = [
    `Wrote ${oneLine(file)}:`,
    ...files.map(({ path, count }) => `  ${path}${count === undefined ? '' : `, ${count}`}`),
    `Bring it in elsewhere with: paios import ${oneLine(options.to)}`,
  ]
  return { data: { file, counts }, text: text.join('\n') }
}

interface Exported {
  path: string
  text: string
  /** Entries in it. */
  count?: number
}

async function collect({ client }: Context): Promise<Exported[]> {
  const { agents } = await client.ask('agents.list', {})
  const { workflows } = await allWorkflows({ client })
  const memories: Memory[] = []
  const history: unknown[] = []
  for (const { agent_number } of agents) {
    const id = String(agent_number)
    memories.push(
      ...(await pages(async (cursor) => {
        const { memories: entries, next_cursor } = await client.ask('agents.memory_export', {
          id,
          limit: LIMIT,
          ...cursor,
        })
        return { entries, next_cursor }
      })),
    )
    const logs = await pages(async (cursor) => {
      const { logs: entries, next_cursor } = await client.ask('agents.logs', { id, limit: LIMIT, ...cursor })
      return { entries, next_cursor }
    })
    history.push(...logs.map((log) => ({ agent_number, ...log })))
  }
  const records = await pages(async (cursor) => {
    const { records: entries, next_cursor } = await client.ask('account.records', { limit: LIMIT, ...cursor })
    return { entries, next_cursor }
  })
  const runs = await pages(async (cursor) => {
    const { executions: entries, next_cursor } = await client.ask('workflows.executions', {
      limit: LIMIT,
      ...cursor,
    })
    return { entries, next_cursor }
  })
  const told = await pages(async (cursor) => {
    const { notifications: entries, next_cursor } = await client.ask('notifications.list', {
      limit: LIMIT,
      ...cursor,
    })
    return { entries, next_cursor }
  })
  const profile = await client.ask('auth.me', {})
  return [
    { path: 'profile.json', text: `${JSON.stringify(profile, undefined, 2)}\n` },
    lines('agents.jsonl', agents.map(toEntry)),
    lines(
      'workflows.jsonl',
      workflows.map(({ name, description, definition, is_active }) => ({
        name,
        description,
        definition,
        is_active,
      })),
    ),
    lines('triggers.jsonl', toTriggers(agents, workflows)),
    lines('memories.jsonl', memories),
    lines('records.jsonl', records),
    lines('history.jsonl', history),
    lines('runs.jsonl', runs),
    lines('notifications.jsonl', told),
    { path: 'memories.md', text: toMarkdown(memories, agents) },
    { path: 'lists.csv', text: toCsv(records) },
    ...(await calendar(client, agents, profile.id)),
  ]
}

/**
 * Secrets are written and never read; an agent that is brought in elsewhere is given its own. What it has workflows started
 * by has lines of its own.
 */
function toEntry({ agent_number, name, description, config, voice_enabled, is_active }: Agent) {
  const { workflow_triggers: _apart, ...kept } = config
  return { agent_number, name, description, voice_enabled, is_active, config: { ...kept, api_keys: {} } }
}

/** What agents have workflows started by, with the names of the workflows: elsewhere they have other ids. */
function toTriggers(agents: readonly Agent[], workflows: readonly Pick<Workflow, 'id' | 'name'>[]) {
  const names = new Map(workflows.map(({ id, name }) => [id, name]))
  return agents.flatMap(({ agent_number, config }) =>
    config.workflow_triggers.flatMap(({ conditions: { workflow_id, ...conditions }, ...trigger }) => {
      const workflow = names.get(String(workflow_id))
      return workflow === undefined ? [] : [{ agent_number, workflow, ...trigger, conditions }]
    }),
  )
}

/** Reminders and events as every calendar reads them. */
async function calendar(
  client: Context['client'],
  agents: readonly Agent[],
  user_id: string,
): Promise<Exported[]> {
  const keeper = agents.find(
    ({ available_actions, is_active }) => is_active && available_actions.includes('export_ics'),
  )
  if (keeper === undefined) return []
  const request_id = `export-${crypto.randomUUID()}`
  const command = { action: 'export_ics', parameters: {}, user_id, request_id, priority: 'normal' as const }
  const { result } = await client.ask('agents.execute', {
    id: String(keeper.agent_number),
    command,
    wait_for_completion: true,
  })
  const { ics } = (result?.data ?? {}) as { ics?: string }
  return ics === undefined ? [] : [{ path: 'reminders.ics', text: ics }]
}

async function pages<T>(
  read: (cursor: { cursor?: string }) => Promise<{ entries: readonly T[]; next_cursor?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  let cursor: { cursor?: string } = {}
  for (;;) {
    const { entries, next_cursor } = await read(cursor)
    all.push(...entries)
    if (next_cursor === undefined) return all
    cursor = { cursor: next_cursor }
  }
}

function lines(path: string, entries: readonly unknown[]): Exported {
  return { path, count: entries.length, text: entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') }
}

/** For its user alone, and under its name only once it is whole. */
async function write(path: string, files: readonly Exported[], modified: number): Promise<void> {
  const temporary = `${path}.${process.pid}.unfinished`
  const handle = await open(temporary, 'wx', 0o600)
  try {
    const entries = files.map(({ path: name, text }) => {
      const content = Buffer.from(text)
      return { path: name, bytes: content.length, content: [content] }
    })
    for await (const part of pack(entries, modified)) await handle.write(part)
    await handle.sync()
    await handle.close()
    await rename(temporary, path)
  } finally {
    await handle.close().catch(() => {})
    await rm(temporary, { force: true })
  }
}
