import { PROBLEMS } from '@jifen/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const text = { type: 'string' } as const;

/** The one form of every refusal: RFC 9457 with the closed list of codes. */
const REFUSAL = {
  status: 'default' as const,
  description: 'Refused, or it failed: a problem with a code of a closed list.',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object' as const,
        required: ['type', 'title', 'status', 'code', 'detail', 'traceId'],
        properties: {
          type: text,
          title: text,
          status: { type: 'integer' as const },
          code: { type: 'string' as const, enum: Object.keys(PROBLEMS) },
          detail: text,
          errors: {
            type: 'array' as const,
            items: { type: 'object' as const, properties: { pointer: text, message: text } },
          },
          traceId: text,
        },
      },
    },
  },
};

/** `/openapi.json` and the page `/docs`, whose assets come from this process. */
export function serveOpenApi(app: NestFastifyApplication, title: string, version: string): void {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setDescription(
      'Customer points. Every route but health, metrics and these pages needs `Authorization: Bearer <api key>`.',
    )
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'jf_<id>_<secret>' })
    .addSecurityRequirements('bearer')
    .addGlobalResponse(REFUSAL)
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: title,
  });
}
