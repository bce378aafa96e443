import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RemoteAction } from '../contract/messages.ts'
import { writeDurably } from '../server/kernel/files.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { sayBreak } from './json-place.ts'
import { oneLine } from './print.ts'

export interface RegisterOptions {
  capability?: string[]
  actions?: string
  tokenFile?: string
}

/**
 * Enters a program as an agent. Its token is the one answer on standard output, so that a script can keep it, or goes into
 * a private file; the server does not tell it again.
 */
export async function registerAgent(
  context: Context,
  [number, name]: readonly [string, string],
  { capability = [], actions: path, tokenFile }: RegisterOptions,
): Promise<Answer> {
  const agent_number = readNumber(number)
  const actions = path === undefined ? [] : readActions(path)
  const capabilities = [...new Set([...actions.map((action) => action.name), ...capability])]
  if (capabilities.length === 0)
    throw new Stop(EXIT.usage, 'Say what it can do: --capability NAME, or --actions FILE.')
  await requireSignedIn(context)
  const { token, ...registered } = await context.client.ask('messages.register', {
    agent_number,
    name,
    capabilities,
    voice_commands: [],
    config_schema: {},
    ...(actions.length === 0 ? {} : { actions }),
  })
  if (token === undefined) throw new Stop(EXIT.failed, 'The server gave no token. Register it again.')
  const who = `Registered agent ${agent_number}, ${oneLine(name)}, which can: ${capabilities.map(oneLine).join(', ')}.`
  if (tokenFile !== undefined) {
    const file = keep(tokenFile, token)
    return { data: { ...registered, token_file: file }, text: `${who} Its token is in ${oneLine(file)}.` }
  }
  if (!context.json) context.io.stderr.write(`${who} Its token is shown this once:\n`)
  return { data: { ...registered, token }, text: token }
}

function readNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new Stop(EXIT.usage, `${JSON.stringify(text)} is not a number from 20 to 9999.`)
}

/** What of the actions is wrong otherwise the server says. */
function readActions(path: string): RemoteAction[] {
  const form = `${path} is not a JSON list of actions, such as [{"name": "flip", "phrases": ["flip a coin"]}].`
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
    const actions = JSON.parse(text) as RemoteAction[]
    if (Array.isArray(actions) && actions.every((action) => typeof action?.name === 'string')) return actions
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Stop(EXIT.usage, `${path} is not JSON${sayBreak(text)}.`, { cause: error })
    throw new Stop(EXIT.usage, `${path} cannot be read.`, { cause: error })
  }
  throw new Stop(EXIT.usage, form)
}

function keep(path: string, token: string): string {
  const file = resolve(path)
  try {
    writeDurably(file, `${token}\n`)
    return file
  } catch (error) {
    const text = `It is registered, but ${file} cannot be written. Register it again for another token.`
    throw new Stop(EXIT.failed, text, { cause: error })
  }
}
