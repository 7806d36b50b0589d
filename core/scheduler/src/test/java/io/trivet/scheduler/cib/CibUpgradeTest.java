package io.trivet.scheduler.cib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// CIBs of old releases as they are read: before, and after.
class CibUpgradeTest {
  private static String upgraded(String xml) {
    return CibWriter.write(CibReader.read("old.xml", xml));
  }

  @Test
  void namesOfEveryRelease() {
    String old =
        """
        <cib validate-with="pacemaker-3.0">
          <configuration>
            <crm_config>
              <cluster_property_set id="options">
                <nvpair id="o1" name="stonith-enabled" value="false"/>
                <nvpair id="o2" name="stonith-action" value="poweroff"/>
                <nvpair id="o3" name="no-quorum-policy" value="suicide"/>
                <nvpair id="o4" name="stop-orphan-resources" value="false"/>
              </cluster_property_set>
            </crm_config>
            <resources>
              <master id="ms">
                <meta_attributes id="m">
                  <nvpair id="m1" name="master-max" value="2"/>
                  <nvpair id="m2" name="target-role" value="Master"/>
                </meta_attributes>
                <primitive id="p" class="stonith" type="fence_x">
                  <instance_attributes id="i">
                    <nvpair id="i1" name="stonith-timeout" value="1"/>
                  </instance_attributes>
                  <operations>
                    <op id="op" name="monitor" interval="10" role="Slave"/>
                  </operations>
                </primitive>
              </master>
            </resources>
            <constraints>
              <rsc_order id="order" first="ms" then="x" score="0"/>
              <rsc_colocation id="with" rsc="x" with-rsc="ms" with-rsc-role="Master"/>
            </constraints>
          </configuration>
        </cib>
        """;
    String now =
        """
        <cib validate-with="pacemaker-3.0">
          <configuration>
            <crm_config>
              <cluster_property_set id="options">
                <nvpair id="o1" name="fencing-enabled" value="false"/>
                <nvpair id="o2" name="fencing-action" value="off"/>
                <nvpair id="o3" name="no-quorum-policy" value="fence"/>
                <nvpair id="o4" name="stop-removed-resources" value="false"/>
              </cluster_property_set>
            </crm_config>
            <resources>
              <clone id="ms">
                <meta_attributes id="ms-promotable" score="INFINITY">
                  <nvpair id="ms-promotable-value" name="promotable" value="true"/>
                </meta_attributes>
                <meta_attributes id="m">
                  <nvpair id="m1" name="promoted-max" value="2"/>
                  <nvpair id="m2" name="target-role" value="Promoted"/>
                </meta_attributes>
                <primitive id="p" class="stonith" type="fence_x">
                  <instance_attributes id="i">
                    <nvpair id="i1" name="stonith-timeout" value="1"/>
                  </instance_attributes>
                  <operations>
                    <op id="op" name="monitor" interval="10" role="Unpromoted"/>
                  </operations>
                </primitive>
              </clone>
            </resources>
            <constraints>
              <rsc_order id="order" first="ms" then="x" kind="Optional"/>
              <rsc_colocation id="with" rsc="x" with-rsc="ms" with-rsc-role="Promoted"/>
            </constraints>
          </configuration>
        </cib>
        """;
    assertEquals(now, upgraded(old));
    assertEquals(now, upgraded(now));
  }

  @Test
  void aNewNameWinsOverAnOldOne() {
    String both =
        """
        <cib>
          <configuration>
            <crm_config>
              <cluster_property_set id="options">
                <nvpair id="o1" name="stonith-enabled" value="false"/>
                <nvpair id="o2" name="fencing-enabled" value="true"/>
              </cluster_property_set>
            </crm_config>
          </configuration>
        </cib>
        """;
    assertEquals(both, upgraded(both));
  }

  @Test
  void defaultsAmongTheOptions() {
    String old =
        """
        <cib validate-with="pacemaker-2.5">
          <configuration>
            <crm_config>
              <cluster_property_set id="options">
                <nvpair id="o1" name="default-resource-stickiness" value="100"/>
                <nvpair id="o2" name="default-action-timeout" value="20s"/>
              </cluster_property_set>
            </crm_config>
            <resources>
              <primitive id="p" class="ocf">
                <operations>
                  <op id="op" name="start" interval="0" requires="nothing"/>
                </operations>
              </primitive>
            </resources>
            <rsc_defaults>
              <meta_attributes id="defaults">
                <nvpair id="d1" name="resource-stickiness" value="1"/>
              </meta_attributes>
            </rsc_defaults>
          </configuration>
        </cib>
        """;
    String now =
        """
        <cib validate-with="pacemaker-2.5">
          <configuration>
            <crm_config>
              <cluster_property_set id="options"/>
            </crm_config>
            <resources>
              <primitive id="p" class="ocf">
                <operations>
                  <op id="op" name="start" interval="0"/>
                </operations>
                <meta_attributes id="p-requires" score="-INFINITY">
                  <nvpair id="p-requires-value" name="requires" value="nothing"/>
                </meta_attributes>
              </primitive>
            </resources>
            <rsc_defaults>
              <meta_attributes id="defaults">
                <nvpair id="d1" name="resource-stickiness" value="1"/>
              </meta_attributes>
              <meta_attributes id="rsc_defaults-from-options" score="-INFINITY">
                <nvpair id="o1" name="resource-stickiness" value="100"/>
              </meta_attributes>
            </rsc_defaults>
            <op_defaults>
              <meta_attributes id="op_defaults-from-options" score="-INFINITY">
                <nvpair id="o2" name="timeout" value="20s"/>
              </meta_attributes>
            </op_defaults>
          </configuration>
        </cib>
        """;
    assertEquals(now, upgraded(old));
  }

  @Test
  void theOldestSchema() {
    String old =
        """
        <cib have_quorum="true" dc_uuid="n1" admin_epoch="0">
          <configuration>
            <crm_config>
              <nvpair id="o1" name="symmetric_cluster" value="true"/>
              <nvpair id="o2" name="default_resource_stickiness" value="INFINITY"/>
            </crm_config>
            <nodes>
              <node id="n1" uname="a" type="normal"/>
            </nodes>
            <resources>
              <master_slave id="ms" notify="true">
                <instance_attributes id="i">
                  <attributes>
                    <nvpair id="i1" name="clone_max" value="2"/>
                    <nvpair id="i2" name="drbd_resource" value="r0"/>
                  </attributes>
                </instance_attributes>
                <primitive id="p" class="ocf" is_managed="false">
                  <operations>
                    <op id="op" name="monitor" interval="10s" on_fail="fence" start_delay="5s" disabled="true" role="Master"/>
                  </operations>
                </primitive>
              </master_slave>
            </resources>
            <constraints>
              <rsc_order id="after" from="x" to="ms" action="start" to_action="promote"/>
              <rsc_order id="before" from="x" to="ms" type="before"/>
              <rsc_colocation id="with" from="x" to="ms" to_role="master" score="INFINITY"/>
              <rsc_location id="at" rsc="x">
                <rule id="r" score_attribute="pingd" boolean_op="or"/>
              </rsc_location>
            </constraints>
          </configuration>
          <status>
            <node_state id="n1" uname="a">
              <lrm_rsc_op id="x_start_0" call_id="3" rc_code="0" crm_feature_set="2.0"/>
            </node_state>
          </status>
        </cib>
        """;
    String now =
        """
        <cib have-quorum="true" dc-uuid="n1" admin_epoch="0">
          <configuration>
            <crm_config>
              <cluster_property_set id="cluster-options">
                <nvpair id="o1" name="symmetric-cluster" value="true"/>
              </cluster_property_set>
            </crm_config>
            <nodes>
              <node id="n1" uname="a" type="member"/>
            </nodes>
            <resources>
              <clone id="ms">
                <meta_attributes id="ms-promotable" score="INFINITY">
                  <nvpair id="ms-promotable-value" name="promotable" value="true"/>
                </meta_attributes>
                <instance_attributes id="i">
                  <nvpair id="i2" name="drbd_resource" value="r0"/>
                </instance_attributes>
                <primitive id="p" class="ocf">
                  <operations>
                    <op id="op" name="monitor" interval="10s" on-fail="fence" start-delay="5s" role="Promoted" enabled="false"/>
                  </operations>
                  <meta_attributes id="p-is-managed" score="-INFINITY">
                    <nvpair id="p-is-managed-value" name="is-managed" value="false"/>
                  </meta_attributes>
                </primitive>
                <meta_attributes id="ms-notify" score="-INFINITY">
                  <nvpair id="ms-notify-value" name="notify" value="true"/>
                </meta_attributes>
                <meta_attributes id="i-meta">
                  <nvpair id="i1" name="clone-max" value="2"/>
                </meta_attributes>
              </clone>
            </resources>
            <constraints>
              <rsc_order id="after" first="ms" then="x" first-action="promote" then-action="start"/>
              <rsc_order id="before" first="x" then="ms"/>
              <rsc_colocation id="with" rsc="x" with-rsc="ms" with-rsc-role="Promoted" score="INFINITY"/>
              <rsc_location id="at" rsc="x">
                <rule id="r" score-attribute="pingd" boolean-op="or"/>
              </rsc_location>
            </constraints>
            <rsc_defaults>
              <meta_attributes id="rsc_defaults-from-options" score="-INFINITY">
                <nvpair id="o2" name="resource-stickiness" value="INFINITY"/>
              </meta_attributes>
            </rsc_defaults>
          </configuration>
          <status>
            <node_state id="n1" uname="a">
              <lrm_rsc_op id="x_start_0" call-id="3" rc-code="0" crm_feature_set="2.0"/>
            </node_state>
          </status>
        </cib>
        """;
    assertEquals(now, upgraded(old));
  }

  @Test
  void underscoresOfTodayAreNotTouched() {
    String xml =
        """
        <cib validate-with="pacemaker-3.0">
          <configuration>
            <resources>
              <primitive id="p" class="ocf">
                <meta_attributes id="m">
                  <nvpair id="m1" name="target_role" value="stopped"/>
                </meta_attributes>
              </primitive>
            </resources>
          </configuration>
        </cib>
        """;
    assertEquals(xml, upgraded(xml));
  }
}
