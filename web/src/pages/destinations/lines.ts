/** The lines that name a destination in the configuration file (rows of src/services/export/settings.h). */
export const destinationLines = (host = "pacs.hospital.example", called = "ARCHIVE") => `export:
  destinations:
    archive:
      host: ${JSON.stringify(host)}
      port: 104
      called_ae: ${JSON.stringify(called)}`;
