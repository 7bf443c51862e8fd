import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

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
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: title,
  });
}
