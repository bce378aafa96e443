import { operations } from '../../contract/index.ts'
import type { OperationName, Operations } from '../../contract/index.ts'
import type { Input, Output } from '../../contract/operation.ts'
import type { WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'
import type { App } from '../../server/app.ts'
import { defined } from './scene.ts'

const PASSWORD = 'correct horse battery staple 9'

/** A user of a client's own, so that what one run does never depends on another that runs beside it. */
export interface Client {
  user_id: string
  token: string
}

/** Asks as a transport does: through dispatch, with its limits, its audit, and its wait for the disk. */
export async function ask<N extends OperationName>(
  { dispatch }: Pick<App, 'dispatch'>,
  token: string | undefined,
  name: N,
  input: Input<Operations[N]>,
): Promise<Output<Operations[N]>> {
  const head = {
    transport: 'http',
    token,
    ip: '127.0.0.1',
    user_agent: 'bench',
    request_id: undefined,
  } as const
  const { signal } = new AbortController()
  const reply = await dispatch.begin({ operation: operations[name], ...head }).answer({ input, signal })
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`)
  return reply.data as Output<Operations[N]>
}

/** Makes the first users of a fresh server, each signed in. */
export async function signIn(app: App, count: number): Promise<Client[]> {
  const setup_code = app.auth.setup_code() ?? ''
  const clients: Client[] = []
  for (let index = 0; index < count; index += 1) {
    const email = `client${index}@example.org`
    if (index === 0) await ask(app, undefined, 'auth.setup', { setup_code, email, password: PASSWORD })
    else await app.auth.addUser(email, PASSWORD)
    const signed = await ask(app, undefined, 'auth.login', { email, password: PASSWORD })
    clients.push({ user_id: signed.user_id, token: signed.access_token })
  }
  return clients
}

/** Makes a workflow for a client, as if proven; answers its id. */
export async function createWorkflow(
  app: App,
  client: Client,
  name: string,
  steps: readonly WorkflowStep[],
): Promise<string> {
  const { id } = await create(app, client, name, defined(steps))
  return id
}

/** Makes a workflow that a webhook starts; answers the path of that. */
export async function createHook(
  app: App,
  client: Client,
  name: string,
  steps: readonly WorkflowStep[],
): Promise<string> {
  const trigger = { type: 'webhook', conditions: {} } as const
  const { id } = await create(app, client, name, { ...defined(steps), trigger })
  const { webhook_path } = await ask(app, client.token, 'workflows.get', { id })
  if (webhook_path === undefined) throw new Error('The workflow has no webhook.')
  return webhook_path
}

function create(
  { kernel, workflows }: App,
  { user_id }: Client,
  name: string,
  definition: WorkflowDefinition,
) {
  return kernel.store.write((tx) => workflows.create(tx, user_id, { name, definition }))
}
