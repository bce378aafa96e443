import type { Command } from 'commander'
import type { BudgetOptions } from '../budget.ts'
import type { DeleteOptions } from '../deleting.ts'
import type { RegisterOptions } from '../register.ts'
import { example, gather } from './parts.ts'
import type { Perform } from './parts.ts'

const agentFile = () => import('../agents.ts')

export function declareAgents(program: Command, perform: Perform): void {
  const agents = program
    .command('agents')
    .description('list your agents')
    .addHelpText('after', example('paios agents show 3'))
    .action(() => perform(async (context) => (await agentFile()).listAgents(context)))
  agents
    .command('show')
    .description('one agent, with what it can do')
    .argument('<number>', 'number or id of the agent')
    .addHelpText('after', example('paios agents show 3'))
    .action((id: string) => perform(async (context) => (await agentFile()).showAgent(context, id)))
  agents
    .command('register')
    .description('enter a program as an agent; prints its token, once')
    .argument('<number>', 'number of the agent, 20 to 9999')
    .argument('<name>', 'its name')
    .option('--capability <name>', 'something that it can do; may be given again', gather, [])
    .option('--actions <file>', 'JSON list of what it can do, with parameters, effects and phrases')
    .option('--token-file <file>', 'write the token into a file that only you can read')
    .addHelpText('after', example('paios agents register 20 Juggler --actions examples/remote-agent.json'))
    .action((number: string, name: string, options: RegisterOptions) =>
      perform(async (context) =>
        (await import('../register.ts')).registerAgent(context, [number, name], options),
      ),
    )
  agents
    .command('delete')
    .description('delete one; an undo brings it back')
    .argument('<number>', 'number or id of the agent')
    .option('--force', 'although active workflows use it')
    .addHelpText('after', example('paios agents delete 20'))
    .action((id: string, options: DeleteOptions) =>
      perform(async (context) => (await import('../deleting.ts')).deleteAgent(context, id, options)),
    )
  agents
    .command('budget')
    .description('what an agent may use in a day; without options, what it may use now')
    .argument('<number>', 'number or id of the agent')
    .option('--calls <count>', 'executions and calls to other machines')
    .option('--seconds <count>', 'seconds of work')
    .option('--tokens <count>', 'tokens of language models')
    .option('--money <amount>', 'money spent on services')
    .option('--none', 'no bounds but those given beside this')
    .addHelpText('after', example('paios agents budget 8 --calls 200 --seconds 600'))
    .action((id: string, options: BudgetOptions) =>
      perform(async (context) => (await import('../budget.ts')).agentBudget(context, id, options)),
    )
  program
    .command('stop')
    .description('stop everything that runs for you, or one execution')
    .argument('[execution]', 'id of the execution')
    .addHelpText('after', example('paios stop'))
    .action((id?: string) => perform(async (context) => (await import('../stop.ts')).stop(context, id)))
}
