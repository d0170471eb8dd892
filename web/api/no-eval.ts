import { z } from 'zod'

// Compiled parsers need `eval`, which the content security policy forbids. Said before the first schema is made.
z.config({ jitless: true })
