// An agent of PAIOS that is a program of its own. Register it once, then run it:
//
//     npx paios agents register 20 Juggler --actions examples/remote-agent.json --token-file ~/.config/paios/agent-20.token
//     node examples/remote-agent.mjs
//     npx paios ask "flip a coin"
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'

const FILE = join(homedir(), '.config', 'paios', 'agent-20.token')
const { PAIOS_URL = 'http://localhost:3001', PAIOS_AGENT_TOKEN = readToken() } = process.env

function readToken() {
  try {
    return readFileSync(FILE, 'utf8')
  } catch {
    process.stderr.write(`There is no token in ${FILE}: register the agent first, as it says above.\n`)
    process.exit(1)
  }
}

/** What it can do. The server has checked the parameters by the schema; `text` is what people read or hear. */
const actions = {
  flip: () => {
    const side = Math.random() < 0.5 ? 'heads' : 'tails'
    return { data: { side }, text: `It is ${side}.` }
  },
  shout: ({ text }) => ({ data: { text: text.toUpperCase() }, text: `${text.toUpperCase()}!` }),
}

async function answer({ method, params }) {
  try {
    if (method !== 'agent.execute') throw new Error('I only do what I am asked to do.')
    return { type: 'response', result: await actions[params.action](params.parameters) }
  } catch (error) {
    return { type: 'error', error: { code: -32_000, message: error.message } }
  }
}

const say = (text) => process.stdout.write(`${text}\n`)
const socket = io(PAIOS_URL, { auth: { token: PAIOS_AGENT_TOKEN.trim() }, transports: ['websocket'] })
let isWelcome = false
socket.on('authenticated', () => {
  isWelcome = true
  say(`Connected to ${PAIOS_URL}.`)
})
socket.on('mcp:message', async (message, received) => {
  const { id, type, target } = message
  if (type === 'request')
    // The same id says what is answered, and its target is who answers.
    socket.emit('mcp:message', {
      id,
      version: '1.0',
      timestamp: new Date().toISOString(),
      source: target,
      ...(await answer(message)),
    })
  else if (type === 'error') say(`Refused: ${message.error.message}`)
  else if (message.method === 'agent.cancel') say('Nobody waits for the answer any more.')
  else say(`Heard: ${JSON.stringify(message.params)}`)
  // What is kept until we have it is sent again unless we say that we have it.
  received?.()
})
socket.on('unauthorized', (reason) => say(`Refused: ${reason}`))
socket.on('disconnect', (reason) => {
  // A lost line comes back by itself. One that the server has ended is tried once more: its token may still be good.
  if (reason === 'io server disconnect' && isWelcome) socket.connect()
  else if (reason === 'io server disconnect') process.exitCode = 1
  isWelcome = false
})
