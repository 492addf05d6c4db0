import { describe, expect, test } from "vitest";
import type { EndpointSlice, Service } from "../../../src/kubernetes/objects.ts";
import { describeEndpointSlice, describeService } from "../../../src/kubernetes/printing/describe/network.ts";
import { nowMs } from "./samples.ts";

describe("describeService", () => {
  const slice: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "web-hmgrg", namespace: "shop" },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: [1, 2, 3, 4, 5].map((index) => ({
      addresses: [`10.0.0.${index}`],
      conditions: { ready: index !== 2, serving: true, terminating: false },
      targetRef: { kind: "Pod", namespace: "shop", name: `web-${index}`, uid: `${index}` },
      nodeName: "n1",
    })),
  };
  const service: Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      selector: { app: "web" },
      type: "NodePort",
      clusterIP: "10.96.47.67",
      ports: [
        { name: "http", port: 80, targetPort: 8080, nodePort: 30080 },
        { port: 443, targetPort: "tls" },
      ],
      sessionAffinity: "None",
    },
  };

  test("lists the ready endpoints of every port, three of them by name", () => {
    expect(describeService(service, { endpointSlices: [slice], events: [], nowMs })).toBe(`Name:              web
Namespace:         shop
Labels:            <none>
Annotations:       <none>
Selector:          app=web
Type:              NodePort
IP Families:       <none>
IP:                10.96.47.67
IPs:               <none>
Port:              http  80/TCP
TargetPort:        8080/TCP
NodePort:          http  30080/TCP
Endpoints:         10.0.0.1:8080,10.0.0.3:8080,10.0.0.4:8080 + 1 more...
Port:              <unset>  443/TCP
TargetPort:        tls/TCP
Endpoints:         
Session Affinity:  None
Events:            <none>
`);
  });

  test("without slices has no endpoints", () => {
    expect(describeService(service, { endpointSlices: [], nowMs })).toContain("Endpoints:         <none>\n");
  });

  test("has its slices described with all their endpoints", () => {
    const one = { ...slice, endpoints: slice.endpoints.slice(1, 2) };
    expect(describeEndpointSlice(one, { nowMs })).toBe(`Name:         web-hmgrg
Namespace:    shop
Labels:       <none>
Annotations:  <none>
AddressType:  IPv4
Ports:
  Name  Port  Protocol
  ----  ----  --------
  http  8080  TCP
Endpoints:
  - Addresses:  10.0.0.2
    Conditions:
      Ready:    false
    Hostname:   <unset>
    TargetRef:  Pod/web-2
    NodeName:   n1
    Zone:       <unset>
`);
  });
});
