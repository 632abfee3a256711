using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Modules to files and back.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ModuleStateTests
{
    [Fact]
    public void Load_StoredModule_IsEqual()
    {
        using var folder = new TemporaryFolder();
        using var written = new Linear(3, 4);
        using var read = new Linear(3, 4);
        written.InitWeights(new Generator(1));
        Checkpoint.Write(folder.Under("a.pth"), new() { State = ModuleState.Store(written) });
        using var checkpoint = Checkpoint.Read(folder.Under("a.pth"));
        var before = Tensor.LiveCount;

        var difference = ModuleState.Load(read, checkpoint);

        Assert.True(difference.IsEmpty);
        CountsTensors.AssertAtMost(before);
        Assert.All(
            written.StateDict().Zip(read.StateDict()),
            pair => Assert.Equal(pair.First.Tensor.ToArray(), pair.Second.Tensor.ToArray()));
    }

    [Fact]
    public void Load_OtherShape_FailsAndLeavesTheModule()
    {
        using var folder = new TemporaryFolder();
        using var written = new Linear(3, 4);
        using var read = new Linear(3, 5);
        Checkpoint.Write(folder.Under("a.pth"), new() { State = ModuleState.Store(written) });
        using var checkpoint = Checkpoint.Read(folder.Under("a.pth"));

        Assert.Throws<CheckpointException>(() => ModuleState.Load(read, checkpoint));
        var difference = ModuleState.Load(read, checkpoint, LoadPolicy.AllowDifferences);

        Assert.Equal(["weight", "bias"], difference.WrongShapes.Select(entry => entry.Name));
    }
}
