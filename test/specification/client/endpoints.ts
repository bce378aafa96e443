import type {
  Agent,
  AgentsListResponse,
  ExecuteAgentRequest,
  ExecuteAgentResponse,
  VoiceCommandRequest,
  VoiceCommandResponse,
} from './types/agents.ts'
import type {
  AuthToken,
  BiometricSetupRequest,
  BiometricSetupResponse,
  LoginRequest,
  LoginResponse,
  User,
  UserPreferences,
} from './types/auth.ts'
import type { BiometricCredential, Credential, StoreCredentialRequest } from './types/credentials.ts'
import type { SystemArchitecture, SystemHealth, SystemModification } from './types/system.ts'
import type { VoiceProcessingRequest, VoiceProcessingResponse, VoiceSettings } from './types/voice.ts'
import type { Workflow, WorkflowDefinition } from './types/workflows.ts'

/** Where the specification shows no body of its own. */
interface Data<T> {
  success: boolean
  data: T
}
type Empty = Record<string, never>
type Fields = Record<string, unknown>

/** The endpoints of the specification, in its order: what a client sends as a body, and what it is answered. */
export interface Endpoints {
  'POST /auth/login': [LoginRequest, LoginResponse]
  'POST /auth/logout': [Empty, Data<Empty>]
  'POST /auth/refresh': [{ refresh_token: string }, Data<AuthToken>]
  'POST /auth/biometric/setup': [BiometricSetupRequest, BiometricSetupResponse]
  'POST /auth/biometric/verify': [
    { biometric_credential: BiometricCredential; operation?: string },
    Data<{ verified: boolean; proof_token: string }>,
  ]
  'GET /auth/me': [undefined, Data<User>]
  'PUT /auth/preferences': [Partial<UserPreferences>, Data<User>]
  'GET /agents': [undefined, AgentsListResponse]
  'POST /agents': [Partial<Agent>, Data<Agent>]
  'GET /agents/:id': [undefined, Data<Agent>]
  'PUT /agents/:id': [Partial<Agent>, Data<Agent>]
  'DELETE /agents/:id': [undefined, Data<Empty>]
  'POST /agents/:id/execute': [ExecuteAgentRequest, ExecuteAgentResponse]
  'GET /agents/:id/status': [undefined, Data<Agent['status']>]
  'POST /agents/:id/voice': [VoiceCommandRequest, VoiceCommandResponse]
  'GET /agents/:id/memory': [undefined, Data<{ memories: Fields[] }>]
  'POST /agents/:id/memory': [Fields, Data<Fields>]
  'GET /agents/:id/logs': [undefined, Data<{ logs: Fields[] }>]
  'GET /workflows': [undefined, Data<{ workflows: Workflow[] }>]
  'POST /workflows': [Partial<Workflow>, Data<Workflow>]
  'GET /workflows/:id': [undefined, Data<Workflow>]
  'PUT /workflows/:id': [Partial<Workflow>, Data<Workflow>]
  'DELETE /workflows/:id': [undefined, Data<Empty>]
  'POST /workflows/:id/execute': [Fields, Data<{ execution_id: string; status: string; results?: Fields }>]
  'GET /workflows/:id/history': [undefined, Data<{ executions: Fields[] }>]
  'POST /workflows/validate': [{ definition: WorkflowDefinition }, Data<{ valid: boolean }>]
  'GET /system/health': [undefined, Data<SystemHealth>]
  'GET /system/architecture': [undefined, Data<SystemArchitecture>]
  'POST /system/modify': [
    Pick<SystemModification, 'type' | 'description' | 'after_state'>,
    Data<SystemModification>,
  ]
  'POST /system/rollback': [{ modification_id?: string }, Data<SystemModification>]
  'GET /system/performance': [undefined, Data<Fields>]
  'GET /system/logs': [undefined, Data<{ logs: Fields[] }>]
  'PUT /system/config': [Fields, Data<Fields>]
  'GET /system/modifications': [undefined, Data<{ modifications: SystemModification[] }>]
  'POST /voice/process': [VoiceProcessingRequest, VoiceProcessingResponse]
  'GET /voice/commands': [undefined, Data<{ commands: Fields[] }>]
  'POST /voice/settings': [Partial<VoiceSettings>, Data<VoiceSettings>]
  'GET /voice/capabilities': [undefined, Data<Fields>]
  'POST /voice/synthesize': [{ text: string; language?: string }, Data<Fields>]
  'POST /voice/train': [{ samples: Fields[] }, Data<Fields>]
  'GET /credentials': [undefined, Data<{ credentials: Credential[] }>]
  'POST /credentials': [StoreCredentialRequest, Data<Credential>]
  'GET /credentials/:id': [
    undefined,
    Data<Credential & { credential_data: StoreCredentialRequest['credential_data'] }>,
  ]
  'PUT /credentials/:id': [Partial<StoreCredentialRequest>, Data<Credential>]
  'DELETE /credentials/:id': [undefined, Data<Empty>]
  'POST /credentials/verify': [{ credential_id: string }, Data<{ accessible: boolean }>]
  'POST /credentials/backup': [Empty, Data<{ backup_codes: string[] }>]
}

export type Endpoint = keyof Endpoints
