import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { documentRequests } from './request-schemas.ts';
import { completed, REFUSAL, type Answers } from './openapi-document.ts';

export interface ApiAbout {
  readonly title: string;
  readonly version: string;
  readonly answers: readonly Answers[];
}

/** OpenAPI 3.1 of the routes of the application; its success answers come from `answers`. */
function openApiOf(app: NestFastifyApplication, { title, version, answers }: ApiAbout): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(
      'Customer points. Every route but health, metrics and these pages needs `Authorization: Bearer <api key>`.',
    )
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'jf_<id>_<secret>' })
    .addSecurityRequirements('bearer')
    .addGlobalResponse(REFUSAL)
    .build();
  documentRequests(app);
  return completed(SwaggerModule.createDocument(app, config), answers);
}

/** `/openapi.json` and the page `/docs`, whose assets come from this process; `/` leads there. */
export function serveOpenApi(app: NestFastifyApplication, about: ApiAbout): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app, about), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: about.title,
  });
  app
    .getHttpAdapter()
    .getInstance()
    .get('/', (_request, reply) => reply.redirect('docs'));
}
