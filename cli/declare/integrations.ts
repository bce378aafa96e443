import type { Command } from 'commander'
import type { ImportOptions } from '../integrations.ts'
import { example, gather } from './parts.ts'
import type { Perform } from './parts.ts'

const file = () => import('../integrations.ts')
const changeFile = () => import('../equipping.ts')
const AGENT = 'number or id of the agent'
const SOURCE = 'a file of JSON with one integration, - for standard input'

/** Services outside that agents can ask. */
export function declareIntegrations(program: Command, perform: Perform): void {
  const list = () => perform(async (context) => (await file()).listIntegrations(context))
  const integrations = program
    .command('integrations')
    .description('services outside that your agents can ask')
    .addHelpText('after', example('paios integrations import 20 openapi.yaml'))
    .action(list)
  integrations
    .command('list')
    .description('the services, and how they are')
    .addHelpText('after', example('paios integrations list'))
    .action(list)
  integrations
    .command('actions')
    .description('what one of them can be asked')
    .argument('<agent>', 'number of the agent that has it')
    .argument('<id>', 'id of the integration')
    .option('--limit <count>', 'how many, 1 to 500', '50')
    .addHelpText('after', example('paios integrations actions 20 github'))
    .action((agent: string, id: string, options: { limit?: string }) =>
      perform(async (context) => (await file()).listActions(context, agent, id, options)),
    )
  integrations
    .command('import')
    .description('make actions of an agent from an OpenAPI document')
    .argument('<agent>', 'number of the agent')
    .argument('<document>', 'a file of JSON or YAML, or an address that the server fetches')
    .option('--name <name>', 'what the service is called in sentences (default: its title)')
    .option('--id <id>', 'what the integration is called (default: its name in small letters)')
    .option('--base <url>', 'where the service is, if the document does not say or a credential goes along')
    .option('--credential <credential>', 'secret that goes along: its id or service')
    .option('--only <tag>', 'only operations of this tag or id; may be given again', gather, [])
    .option('--dry-run', 'only say what would come')
    .addHelpText('after', example('paios integrations import 20 openapi.yaml --dry-run'))
    .action((agent: string, document: string, options: ImportOptions) =>
      perform(async (context) => (await file()).importOpenApi(context, agent, document, options)),
    )
  declareChanging(integrations, perform)
}

function declareChanging(integrations: Command, perform: Perform): void {
  integrations
    .command('show')
    .description('one of them as JSON, as edit takes it')
    .argument('<agent>', AGENT)
    .argument('<id>', 'id of the integration')
    .addHelpText('after', example('paios integrations show 20 heating > heating.json'))
    .action((agent: string, id: string) =>
      perform(async (context) => (await changeFile()).showIntegration(context, agent, id)),
    )
  integrations
    .command('add')
    .description('set an agent up with one more; the others stay')
    .argument('<agent>', AGENT)
    .argument('<file>', SOURCE)
    .addHelpText('after', example('paios integrations add 20 heating.json'))
    .action((agent: string, source: string) =>
      perform(async (context) => (await changeFile()).addIntegration(context, agent, source)),
    )
  integrations
    .command('edit')
    .description('put what a file says in the place of one; its id and the others stay')
    .argument('<agent>', AGENT)
    .argument('<id>', 'id of the integration')
    .argument('<file>', SOURCE)
    .addHelpText('after', example('paios integrations edit 20 heating heating.json'))
    .action((agent: string, id: string, source: string) =>
      perform(async (context) => (await changeFile()).editIntegration(context, [agent, id], source)),
    )
  integrations
    .command('remove')
    .description('take one away from an agent; the others stay')
    .argument('<agent>', AGENT)
    .argument('<id>', 'id of the integration')
    .addHelpText('after', example('paios integrations remove 20 heating'))
    .action((agent: string, id: string) =>
      perform(async (context) => (await changeFile()).removeIntegration(context, agent, id)),
    )
}
