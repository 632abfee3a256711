using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>The checks of <see cref="YoloGoldenTests"/> for the largest two networks.</summary>
[Trait("Category", "Golden")]
[Trait("Category", "Long")]
public sealed class LargeYoloGoldenTests
{
    [GoldenTheory]
    [MemberData(nameof(YoloGoldenTests.LargeModels), MemberType = typeof(YoloGoldenTests))]
    public void Everything_Recorded_IsRecorded(string name)
    {
        var checks = new YoloGoldenTests();

        checks.StateDict_Recorded_HasTheKeysAndShapes(name);
        checks.Maps_Evaluation_AreRecorded(name);
        checks.Detections_Evaluation_AreRecorded(name);
        checks.Maps_Training_AreRecorded(name);
        checks.Targets_Training_AreRecorded(name);
        checks.Losses_BeforeAndAfterAStep_AreRecorded(name);
        checks.Gradients_OfEveryParameter_AreRecorded(name);
        checks.State_AfterAStep_IsRecorded(name);
    }
}
