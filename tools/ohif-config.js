// How the OHIF viewer is set up below /ohif: it reads the DICOMweb of the very server that it comes from, and nothing else.
// tools/fetch_ohif puts this file beside it. What the members mean: https://docs.ohif.org/configuration
window.config = {
  name: "larmor",
  routerBasename: "/ohif",
  extensions: [],
  modes: [],
  customizationService: {},
  showStudyList: true,
  maxNumberOfWebWorkers: 2,
  showErrorDetails: "always",
  investigationalUseDialog: { option: "never" },
  defaultDataSourceName: "larmor",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "larmor",
      configuration: {
        friendlyName: "Larmor",
        name: "larmor",
        wadoUriRoot: "/dicom-web",
        qidoRoot: "/dicom-web",
        wadoRoot: "/dicom-web",
        qidoSupportsIncludeField: false,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        bulkDataURI: { enabled: true },
      },
    },
  ],
};
