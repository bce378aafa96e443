import { openLive } from '../sdk/live.ts'
import type { Live } from '../sdk/live.ts'
import type { LiveEvent } from '../sdk/live/listeners.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { oneLine, toJson } from './print.ts'

/** Prints what happens until it is interrupted. */
export async function watch(context: Context): Promise<Answer> {
  await requireSignedIn(context)
  const { io, client, json } = context
  // Who is refused, or finds no server, is told at once; only what is lost later is waited for.
  const { agents } = await client.ask('agents.list')
  const live = openLive(client, { now: io.now, after: io.after })
  const stop = io.onInterrupt(() => void live.close())
  live.onAny((event) => io.stdout.write(`${json ? toLine(event) : toText(event)}\n`))
  live.onGap(() => io.stderr.write('paios: Some events were missed.\n'))
  try {
    if (await live.opened()) {
      for (const { id } of agents) await subscribe(live, id)
      await live.subscribeArchitecture()
      tellStates(context, live)
    }
    if ((await live.ended) === 'closed') return { data: undefined, text: '' }
  } finally {
    stop()
    await live.close()
  }
  throw new Stop(EXIT.not_signed_in, 'You are not signed in any more. Sign in again: paios login')
}

/** An agent that was removed meanwhile has nothing to tell. */
async function subscribe(live: Live, id: string): Promise<void> {
  await live.subscribeAgent(id).catch(() => {})
}

function tellStates({ io }: Context, live: Live): void {
  io.stderr.write('Watching. Ctrl-C ends it.\n')
  live.onState((isOpen) =>
    io.stderr.write(isOpen ? 'paios: Connected again.\n' : 'paios: The connection is lost. Trying again.\n'),
  )
}

function toLine({ name, data, place }: LiveEvent): string {
  return toJson({ event: name, data, ...place })
}

function toText(event: LiveEvent): string {
  return [event.place.created_at, event.name, describe(event)].map(oneLine).join('  ')
}

/** What happened in a few words; what has none is shown as it is. */
function describe({ name, data }: LiveEvent): string {
  switch (name) {
    case 'notification:created':
      return `${data.severity}: ${data.text}`
    case 'agent:status_changed':
      return `agent ${data.agent_number}: ${data.old_status.state} -> ${data.new_status.state}`
    case 'agent:execution_started':
      return `${data.command.action} (${data.execution_id})`
    case 'agent:execution_completed':
      return `${data.result.success ? 'done' : 'failed'} in ${Math.round(data.duration)} ms (${data.execution_id})`
    case 'agent:error':
      return data.error
    case 'voice:command_received':
    case 'voice:response_ready':
      return data.text
    case 'voice:processing':
      return data.status
    case 'approval:requested':
      return `${data.operation} waits (${data.approval_id}): ${data.impact_assessment}`
    case 'approval:decided':
      return `${data.operation} is ${data.status} (${data.approval_id})`
    default:
      return JSON.stringify(data)
  }
}
