using MMDetSharp.Engine.Training;
using MMDetSharp.Models.DenseHeads.GuidedAnchoring;
using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Tests.Engine.Training;

public sealed class ParameterGroupsTests
{
    [Fact]
    public void Build_FactorOfOffsets_HoldsForThoseThatADeformableConvolutionFinds()
    {
        // As the reference: guided anchors' offsets are found outside of the convolution, by a layer like any other.
        using var model = new BothKinds();

        var groups = ParameterGroups.Build(model, new(1, null), new() { DcnOffsetLrMult = 0.1 });

        Assert.Equal(
            ["pack.conv_offset.weight", "pack.conv_offset.bias"],
            groups.Where(group => group.LearningRate == 0.1).Select(group => group.Parameters.Single().Name));
        Assert.Contains(groups, group => group.Parameters.Single().Name == "guided.conv_offset.weight");
    }

    private sealed class BothKinds : Module
    {
        internal BothKinds()
        {
            RegisterChild("pack", new DeformConvPack(4, 4, new() { Kernel = 3, Padding = 1, Bias = false }, new()));
            RegisterChild("guided", new FeatureAdaption(4, 2));
        }
    }
}
