using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Names of pretrained weights become local files.</summary>
public sealed class PretrainedWeightsTests
{
    [Theory]
    [InlineData("torchvision://resnet50", "resnet50-19c8e357.pth")]
    [InlineData("torchvision://resnet50", "resnet50.pth")]
    [InlineData("modelzoo://resnet18", "resnet18-f37072fd.pth")]
    [InlineData("open-mmlab://detectron2/resnet50_caffe", "resnet50_msra-5891d200.pth")]
    [InlineData("open-mmlab://unknown/some_net", "some_net-12345678.pth")]
    [InlineData("https://download.pytorch.org/models/resnet50-19c8e357.pth?x=1", "resnet50-19c8e357.pth")]
    public void Resolve_FileInFolder_IsFound(string reference, string file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under(file), "");
        File.WriteAllText(folder.Under("resnet50_caffe.txt"), "");

        Assert.Equal(folder.Under(file), PretrainedWeights.Resolve(reference, folder.Path));
    }

    [Fact]
    public void Resolve_Path_IsTaken()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("my weights.pth");
        File.WriteAllText(path, "");

        Assert.Equal(path, PretrainedWeights.Resolve(path));
        Assert.Equal(path, PretrainedWeights.Resolve(new Uri(path).AbsoluteUri));
    }

    [Fact]
    public void Resolve_MissingFile_SaysWhereToPutIt()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Under("resnet50_other.pth"), "");

        var failure = Assert.Throws<CheckpointException>(
            () => PretrainedWeights.Resolve("torchvision://no_such_net", folder.Path));

        Assert.Contains("put no_such_net-*.pth into", failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("--cfg-options model.pretrained=PATH", failure.Message, StringComparison.Ordinal);
        Assert.Contains("model.pretrained=None", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/a.pth", "found s3://")]
    [InlineData("/nowhere/a.pth", "found none in /nowhere/a.pth")]
    public void Resolve_UnknownSchemeOrPath_SaysWhatToDo(string reference, string expected) => Assert.Contains(
        expected,
        Assert.Throws<CheckpointException>(() => PretrainedWeights.Resolve(reference)).Message,
        StringComparison.Ordinal);
}
