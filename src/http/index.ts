export type { EngineStatus, HttpOptions } from './context.ts'
export { openApiDocument } from './openapi.ts'
export { createHttpServer } from './server.ts'
